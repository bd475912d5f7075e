"""Attempts of pipelines that several sources tell, as a Git host and a CI do: each counts once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data.costs.definition import cost_sql

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


def _paired(attempts: Iterable[Attempt]) -> list[list[Attempt]]:
    """The attempts, each with those of other sources that are the same: no two of one source.

    Each goes with the first that waits for one of its source, so that of many that begin within
    a minute the first go together, then the second, and so on.
    """
    found: list[list[Attempt]] = []
    waiting: list[list[Attempt]] = []
    for one in attempts:
        waiting = [some for some in waiting if _may_follow(some[0], one)]
        fitting = [some for some in waiting if all(_may_be(each, one) for each in some)]
        if fitting:
            min(fitting, key=_is_without_end).append(one)
        else:
            found.append([one])
            waiting.append(found[-1])
    return found


def _may_follow(first: Attempt, one: Attempt) -> bool:
    return first.pipeline == one.pipeline and one.started - first.started <= _APART


def _may_be(told: Attempt, one: Attempt) -> bool:
    """Whether two sources may tell the same: as far as known, it ended and came out alike."""
    return (
        told.source != one.source
        and (told.finished is None or one.finished is None
             or abs(told.finished - one.finished) <= _APART)
        and (told.result == one.result or "running" in (told.result, one.result))
    )  # fmt: skip


def _is_without_end(some: Iterable[Attempt]) -> bool:
    """An end that is told says more surely what is the same than one that is not."""
    return any(one.finished is None for one in some)
