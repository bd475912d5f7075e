"""Which day it was: by each team's own clock, or by that of a zone that is named."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from data.facts.clocks import stretches
from data.metrics.definition import Definition
from data.metrics.scope import Scope


def clocked(sql: str, local: str) -> str:
    """An expression of a definition, in which `local_at` is the wall clock that is asked for."""
    return re.sub(r"(?<![.\w])local_at\b", local, " ".join(sql.split()))


def row_clock(metric: Definition, scope: Scope, first: date, last: date) -> str:
    """The wall clock of a row: one that is a whole day stands on it in every time zone."""
    return "f.local_at" if metric.is_daily else wall_clock(scope, first, last)


def wall_clock(
    scope: Scope, first: date, last: date, instant: str = "f.happened_at", own: str = "f.local_at"
) -> str:
    """The wall clock of an instant: its team's own, or that of the named zone with its changes.

    Args:
        scope: names the zone, or none.
        first: first day on which the clock has to be right.
        last: the day after the last.
        instant: column of the instant.
        own: column of its wall clock in the team's own zone.
    """
    if scope.timezone is None:
        return own
    margin = timedelta(days=2)
    start, end = (datetime.combine(day, time(), UTC) for day in (first, last))
    found = stretches(scope.timezone, start - margin, end + margin)
    cases = "".join(
        f" when {instant} < timestamptz '{s.until_at.isoformat()}' then {s.offset_seconds}"
        for s in found[:-1]
    )
    offset = (
        f"case{cases} else {found[-1].offset_seconds} end"
        if cases
        else str(found[-1].offset_seconds)
    )
    return f"(cast({instant} as timestamp) + ({offset}) * interval '1' second)"
