"""One value and all that is needed to judge it: reason, coverage, band, the period before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from data.benchmarks.bands import Band, Benchmark, classify
from data.metrics.definition import Definition
from data.metrics.period import Grain, Window


class NoValue(StrEnum):
    """Why a figure has no value. Each is shown as itself, never as zero."""

    NOTHING_DEPLOYED = "nothing_deployed"
    BEFORE_FIRST = "before_first_deployment"
    NOT_YET = "not_yet"
    NONE_IN_PERIOD = "none_in_period"
    NOT_KNOWN = "not_known"


class NoBand(StrEnum):
    """Why a value is given no band."""

    TOO_FEW = "too_few"
    LOW_COVERAGE = "low_coverage"
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one period and group, with all that is needed to judge it."""

    period: str
    window: Window
    is_partial: bool
    team: str | None
    service: str | None
    environment: str | None
    value: float | None
    spread: float | None
    parts: Mapping[str, float | None]
    n: int
    """Rows the value is made of."""
    population: int
    """Rows it should be made of."""
    days: int
    """Days of it that are known: those a rate is divided by."""
    coverage: float | None
    """Share of the population that nothing hides; None if there is no population."""
    unknown: int
    """Rows of the population whose value is hidden."""
    is_lower_bound: bool
    """Whether what is hidden could only have made the value larger."""
    reason: NoValue | None
    band: Band | None
    band_reason: NoBand | None
    previous: float | None
    """Value of the period of the same kind just before."""
    previous_n: int

    @property
    def change(self) -> float | None:
        """Relative change against the period before; None unless both are known and whole."""
        if self.value is None or not self.previous or self.is_partial:
            return None
        return self.value / self.previous - 1


def judged(
    metric: Definition,
    found: Iterable[Mapping[str, Any]],
    whole: Window,
    grain: Grain | None,
    known_at: datetime,
    benchmark: Benchmark,
) -> tuple[Figure, ...]:
    """Makes figures of the rows that a statement of `compose.figures` found.

    Args:
        metric: what was measured.
        found: in group and period order, each group from the period before the window on.
        whole: the window; what lies before it is told as `previous` only.
        grain: how it was cut, if it was.
        known_at: until when anything is known, as wall clock.
        benchmark: that bands are taken from.
    """
    made = [_figure(metric, row, min(known_at, row["until_at"] or known_at)) for row in found]
    linked = _with_previous(made, whole, is_cut=grain is not None)
    return tuple(_banded(metric, benchmark, figure) for figure in linked)


def first_unknown_day(known_at: datetime) -> date:
    """The day after the last of which anything is known, which may be a part of it."""
    midnight = known_at.time() == time()
    return known_at.date() if midnight else known_at.date() + timedelta(days=1)


def _figure(metric: Definition, row: Mapping[str, Any], known_at: datetime) -> Figure:
    spanned = Window(row["starts_on"], row["ends_on"])
    is_lower_bound = _is_lower_bound(metric, row, known_at)
    reason = _reason(metric, row, first_unknown_day(known_at), is_lower_bound=is_lower_bound)
    if reason is NoValue.NONE_IN_PERIOD and metric.per is not None:
        reason = None
    population, n = int(row["population"]), int(row["n"])
    value = None if reason else float(row["value"])
    return Figure(
        period=spanned.label,
        window=spanned,
        is_partial=_is_partial(spanned, known_at),
        team=row.get("team"),
        service=row.get("service"),
        environment=row.get("environment"),
        value=value,
        spread=_number(row["spread"]),
        parts={name: _number(row[name]) for name in metric.parts},
        n=n,
        population=population,
        days=int(row["days"]),
        is_lower_bound=is_lower_bound and value is not None,
        coverage=int(row["assured"]) / population if population else None,
        unknown=population - int(row["assured"]),
        reason=reason,
        band=None,
        band_reason=None,
        previous=None,
        previous_n=0,
    )


def _is_partial(spanned: Window, known_at: datetime) -> bool:
    """Whether a whole day is to come, or more than a twentieth of the period."""
    if spanned.end > first_unknown_day(known_at):
        return True
    missing = datetime.combine(spanned.end, time()) - known_at
    return missing > timedelta(days=spanned.days) / 20


def _is_lower_bound(metric: Definition, row: Mapping[str, Any], known_at: datetime) -> bool:
    """Whether rows hide something, or a service of the group was not read for over a day."""
    if metric.assured is not None and row["assured"] < row["population"]:
        return True
    if metric.per is None or row["least_until_at"] is None:
        return False
    end = min(datetime.combine(row["ends_on"], time()), known_at)
    begins = max(row["first_at"].date(), row["starts_on"]) if row["first_at"] else row["starts_on"]
    return bool(row["least_until_at"] + timedelta(days=1) < end and begins < row["ends_on"])


def _reason(
    metric: Definition, row: Mapping[str, Any], until: date, *, is_lower_bound: bool
) -> NoValue | None:
    if row["value"] is not None and row["n"]:
        # A lower bound of zero, with nothing that would have shown more, says nothing.
        hides_all = metric.assured is not None and not row["assured"] and not row["value"]
        return NoValue.NOT_KNOWN if hides_all else None
    if row["population"]:
        return NoValue.NOT_KNOWN
    if row["starts_on"] >= until:
        return NoValue.NOT_YET
    if row["first_at"] is None:
        return NoValue.NOTHING_DEPLOYED
    if row["first_at"].date() >= row["ends_on"]:
        return NoValue.BEFORE_FIRST
    return NoValue.NOT_KNOWN if is_lower_bound else NoValue.NONE_IN_PERIOD


def _are_alike(one: Window, other: Window) -> bool:
    """Whether both are whole calendar periods, or neither is."""
    return ("/" in one.label) == ("/" in other.label)


def _with_previous(found: Sequence[Figure], whole: Window, *, is_cut: bool) -> list[Figure]:
    linked = []
    before: Figure | None = None
    for figure in found:
        group = (figure.team, figure.service, figure.environment)
        if before is None or group != (before.team, before.service, before.environment):
            before = None
        if figure.window.start >= whole.start:
            if is_cut and before and not _are_alike(before.window, figure.window):
                before = None
            previous = before.value if before else None
            linked.append(replace(figure, previous=previous, previous_n=before.n if before else 0))
        before = figure
    return linked


def _banded(metric: Definition, benchmark: Benchmark, figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    if figure.n < metric.min_n:
        return replace(figure, band_reason=NoBand.TOO_FEW)
    if figure.coverage is not None and figure.coverage < metric.min_coverage:
        return replace(figure, band_reason=NoBand.LOW_COVERAGE)
    band = classify(benchmark, metric.id, figure.value)
    return replace(figure, band=band, band_reason=None if band else NoBand.NOT_PUBLISHED)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
