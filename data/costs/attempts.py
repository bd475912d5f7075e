"""Attempts of pipelines that several sources tell, as a Git host and a CI do: each counts once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import duckdb
import pyarrow as pa

from data.costs.definition import cost_sql
from data.costs.pairing import paired

_APART = 60.0
"""Seconds that two sources may be apart where they tell the same moment."""
_TOLD, _AGAIN, _COUNTED = "attempt_told", "attempt_again", "pipeline_attempt"
_NEAR = f"""
    select id, source, pipeline, result, epoch(started_at), epoch(finished_at)
    from {_TOLD}
    where may_be_again
    order by pipeline, started_at, source, id
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a pipeline's run, as one source tells it."""

    id: str
    source: str
    pipeline: str
    result: str
    started: float
    """In seconds."""
    finished: float | None
    """In seconds; None: not known, or it still runs."""


def write_attempts(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the temporary table `pipeline_attempt`, which drivers of pipelines count."""
    connection.execute(f"create or replace temp table {_TOLD} as {cost_sql(_TOLD)}")
    near = (Attempt(*row) for row in connection.execute(_NEAR).fetchall())
    again = [(one.id, one.source) for one in told_again(near)]
    columns = {
        "id": pa.array([id_ for id_, _ in again], pa.string()),
        "source": pa.array([source for _, source in again], pa.string()),
    }
    connection.register(_AGAIN, pa.table(columns))
    connection.execute(f"create or replace temp table {_COUNTED} as {cost_sql(_COUNTED)}")
    connection.unregister(_AGAIN)
    connection.execute(f"drop table temp.main.{_TOLD}")


def drop_attempts(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what `write_attempts` created."""
    connection.execute(f"drop table temp.main.{_COUNTED}")


def told_again(attempts: Iterable[Attempt]) -> Iterator[Attempt]:
    """Those that are told by another source too, and are not to be counted.

    Of each that several sources tell one is left, that of the source that knows its end.

    Args:
        attempts: those of a pipeline one after the other, in the order in which they began.
    """
    for same in _paired(attempts):
        counted = min(same, key=lambda one: (one.finished is None, one.source))
        yield from (one for one in same if one is not counted)


def _paired(attempts: Iterable[Attempt]) -> Iterator[Sequence[Attempt]]:
    """The attempts, each with those of other sources that are the same: no two of one source."""
    for _, mine in groupby(attempts, attrgetter("pipeline")):
        told = list(mine)
        found: list[list[Attempt]] = []
        for source in sorted({one.source for one in told}):
            _add([one for one in told if one.source == source], found)
        yield from found


def _add(told: Sequence[Attempt], found: list[list[Attempt]]) -> None:
    """Adds the attempts of one source to those that they are the same as, or by themselves."""
    found.sort(key=_began)
    nearest = [list(_nearest(one, found)) for one in told]
    places = paired(nearest)
    for number, one in enumerate(told):
        if number in places:
            found[places[number]].append(one)
        else:
            found.append([one])


def _began(same: Sequence[Attempt]) -> float:
    return same[0].started


def _nearest(one: Attempt, found: Sequence[Sequence[Attempt]]) -> Iterator[int]:
    """The places of those that it may be the same as, the surest first."""
    first = bisect_left(found, one.started - _APART, key=_began)
    last = bisect_right(found, one.started + _APART, key=_began)
    near = (place for place in range(first, last)
            if all(_may_be(each, one) for each in found[place]))  # fmt: skip
    return iter(sorted(near, key=lambda place: _apart(found[place][0], one)))


def _may_be(told: Attempt, one: Attempt) -> bool:
    """Whether two may be the same: as far as known, they began, ended and came out alike."""
    return (
        abs(told.started - one.started) <= _APART
        and (told.finished is None or one.finished is None
             or abs(told.finished - one.finished) <= _APART)
        and (told.result == one.result or "running" in (told.result, one.result))
    )  # fmt: skip


def _apart(told: Attempt, one: Attempt) -> tuple[bool, float]:
    """An end that is told says more surely what is the same than one that is not."""
    if told.finished is None or one.finished is None:
        return told.finished is not one.finished, abs(told.started - one.started)
    return False, abs(told.started - one.started) + abs(told.finished - one.finished)
