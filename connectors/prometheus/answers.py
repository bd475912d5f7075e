"""What Prometheus answers to a query: series of points, and what it warns of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.interface import Json
from connectors.prometheus.labels import Labels, checked


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer."""

    labels: Labels
    """Without the name of the metric."""
    points: Sequence[tuple[int, float]]
    """Seconds since 1970 and value, which may be NaN or infinite."""


def items_of(answer: Json) -> Sequence[Json]:
    """The series of an answer as told, each to be read by `series_of`.

    Raises:
        LookupError, TypeError, ValueError: if it is no answer of vectors.
    """
    data = answer["data"]
    if data["resultType"] not in ("matrix", "vector"):
        raise ValueError(f"the query tells a {data['resultType']}, not a vector")
    if not isinstance(data["result"], list):
        raise TypeError("no list of series")
    return data["result"]


def series_of(item: Json) -> Series:
    """Reads one series.

    Raises:
        LookupError, TypeError, ValueError: if it is none.
    """
    labels = {n: v for n, v in checked(item["metric"]).items() if n != "__name__"}
    told = item["values"] if "values" in item else [item["value"]]
    if not told:
        raise ValueError("a series without a point")
    return Series(labels, [(round(float(at)), float(value)) for at, value in told])


def times_of(answer: Json) -> Iterator[int]:
    """The times at which any series of an answer has a point."""
    for item in items_of(answer):
        yield from (at for at, _ in series_of(item).points)


def warnings_of(answer: Json) -> Sequence[str]:
    """What the server says of a part that is missing; infos are about the query, not the data."""
    told = answer.get("warnings") if isinstance(answer, dict) else None
    return [str(each) for each in told] if isinstance(told, list) else []
