"""The rows behind a figure, a page at a time, and the proof that they add up to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from data.metrics.compose import Statement, counted, measured, rows
from data.metrics.definition import Definition
from data.metrics.scope import Scope
from data.metrics.wall_clock import clocked, row_clock
from data.period import Window
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Sum:
    """What a set of rows comes to."""

    rows: int
    counted: int
    """The same, each as what it counts as."""
    known: int
    """Of these, those whose value is known."""
    measure: float | None
    """The metric's measure over them: a count for a rate, else the value itself."""


def add_up(snapshot: Snapshot, metric: Definition, scope: Scope, whole: Window) -> Sum:
    """Applies the metric's measure to exactly the rows that are shown behind the figure."""
    shown = rows(metric.model_copy(update={"columns": ("*",)}), scope, whole)
    found = snapshot.rows(
        f"""\
-- One row: what the rows behind a figure of {metric.title} add up to.
select
    count(*) as rows,
    {counted(metric)} as total,
    {counted(metric, "is_known")} as known,
    {clocked(measured(metric), row_clock(metric, scope, whole.start, whole.end))} as measure
from (
{shown.sql}
) f
""",
        shown.parameters,
    )[0]
    measure = found["measure"]
    told = None if measure is None else float(measure)
    return Sum(found["rows"], int(found["total"]), int(found["known"]), told)


def page_of_rows(
    snapshot: Snapshot, metric: Definition, scope: Scope, whole: Window, skip: int, size: int
) -> pa.Table:
    """`size` of the rows behind a figure, newest first, after the first `skip`."""
    statement = rows(metric, scope, whole, size)
    return snapshot.query(f"{statement.sql.rstrip()} offset {skip}", statement.parameters)


def filled(statement: Statement) -> str:
    """The statement with its parameters written in: it runs as it stands."""
    return re.sub(r"\$(\w+)", lambda name: _literal(statement.parameters[name[1]]), statement.sql)


def _literal(value: object) -> str:
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"no SQL literal for {type(value).__name__}")
