"""Evaluating controls: the one way for page, command line, export and history alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from data.choice import require
from data.controls.compose import composed, counting
from data.controls.definition import Control
from data.controls.given import NOTHING_GIVEN, Given
from data.controls.judge import judged
from data.controls.outcome import LeftOut, Outcome, Result, Statement
from data.controls.shape import misshapen
from data.controls.state import Reason, State
from data.errors import WrongQuestion
from data.few import FEWEST_PEOPLE, are_few
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.statement import StatementRefused


class UnknownTeam(WrongQuestion):
    """A team was named that the snapshot does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For what a control is evaluated."""

    window: Window
    """The days, by the clock of each team."""
    team: str | None = None
    """The team, with those below it; None: the whole organisation."""
    parameters: Mapping[str, Mapping[str, Any]] | None = None
    """What the organisation sets otherwise, by control."""
    given: Given = NOTHING_GIVEN
    beside: Mapping[str, pa.Table] | None = None
    """Tables that stand in for those of the snapshot: example cases bring their own."""
    sees_names: bool = False
    """Whether names of people are in the answer; else the statement leaves them out."""


def evaluate(snapshot: Snapshot, control: Control, asked: Asked) -> Outcome:
    """Evaluates one control. One whose SQL fails has an outcome all the same: an error.

    Where names are hidden, what it comes to for a team is withheld if it is about too few people.

    Raises:
        UnknownTeam: if there is no such team.
    """
    if asked.team is not None:
        teams = [row["team"] for row in snapshot.rows("select team from team order by team")]
        require(UnknownTeam, "team", asked.team, teams)
    parameters = set_for(control, asked)
    statement = statement_of(snapshot, control, asked, parameters)
    beside = {**asked.given.tables(), **(asked.beside or {})}
    base = (control, snapshot.id, snapshot.as_of, asked.team, asked.window, parameters)
    try:
        table = snapshot.attempt(statement.sql, statement.parameters, beside)
        told = _told(snapshot, beside)
        unseen = _unseen(snapshot, control, asked, beside, told)
    except StatementRefused as error:
        return Outcome(*base, results=(), excluded={}, statement=statement, error=error.what)
    if (wrong := misshapen(control, table)) is not None:
        return Outcome(*base, results=(), excluded={}, statement=statement, error=wrong.what)
    found = table.to_pylist()
    members = [row for row in found if row["left_out"] is None]
    left_out = tuple(_left_out(row) for row in found if row["left_out"] is not None)
    excluded = dict(Counter(one.reason for one in left_out))
    lacking = next((e for e in control.needs_any if told and e not in told), None)
    results = (*(judged(control, row, lacking) for row in members), *unseen)
    if not asked.sees_names and asked.team is not None and are_few(one.person for one in results):
        few = (_withheld(control, asked.team), *unseen)
        return Outcome(*base, results=few, excluded={}, statement=statement, is_withheld=True)
    return Outcome(
        *base, results=results, excluded=excluded, statement=statement, left_out=left_out
    )


def _left_out(row: Mapping[str, Any]) -> LeftOut:
    return LeftOut(row["id"], row["title"], row["url"], row["team"], row["left_out"])


def told_of(snapshot: Snapshot, control: Control, asked: Asked) -> int:
    """How many rows the population of a control tells of: its members, and those left out.

    Raises:
        StatementRefused: if its SQL is wrong.
    """
    parameters = set_for(control, asked)
    sql = counting(control, has_team=asked.team is not None)
    values = statement_of(snapshot, control, asked, parameters).parameters
    named = {name: value for name, value in values.items() if f"${name}" in sql}
    beside = {**asked.given.tables(), **(asked.beside or {})}
    ((told,),) = (row.values() for row in snapshot.attempt(sql, named, beside).to_pylist())
    return int(told)


def set_for(control: Control, asked: Asked) -> dict[str, Any]:
    """The parameters of a control: as the organisation set them, else its own."""
    own = (asked.parameters or {}).get(control.id, {})
    return {name: own.get(name, p.value) for name, p in control.parameters.items()}


def statement_of(
    snapshot: Snapshot, control: Control, asked: Asked, parameters: Mapping[str, Any]
) -> Statement:
    """The statement that evaluates a control, with the parameters that it names."""
    from_at, until_at = _span(snapshot, asked.window)
    values = {
        "start": asked.window.start,
        "last": asked.window.end,
        "from_at": from_at,
        "until_at": until_at,
        "as_of": snapshot.as_of,
        "stale_at": until_at - timedelta(days=control.frequency.stale_after_days),
        "team": asked.team,
        "rows_from": list(control.rows_from),
        "needs": list(control.needs),
        "sees_names": asked.sees_names,
        "needs_any": list(control.needs_any),
        **{name: list(v) if isinstance(v, tuple) else v for name, v in parameters.items()},
    }
    sql = composed(control, has_team=asked.team is not None).sql
    return Statement(sql, {name: v for name, v in values.items() if f"${name}" in sql})


def _span(snapshot: Snapshot, window: Window) -> tuple[datetime, datetime]:
    """Between which instants the period lies, its end not after what is known."""
    zone = ZoneInfo(snapshot.remembered("select timezone from setting")[0]["timezone"])
    from_at, end_at = (datetime.combine(day, time(), zone) for day in (window.start, window.end))
    return from_at, min(end_at, snapshot.as_of + timedelta(microseconds=1))


def _withheld(control: Control, team: str) -> Result:
    """What stands for all members of a team that is about too few people."""
    return Result(
        id=f"withheld/{control.id}",
        source=None,
        title=f"About under {FEWEST_PEOPLE} people",
        url=None,
        team=team,
        happened_at=None,
        state=State.UNKNOWN,
        reason=Reason.WITHHELD,
        detail="what it comes to for so few is not told where names are hidden",
        is_place=True,
    )


_REFUSED = """
-- One row is one place where members may be that cannot be seen.
select
    b.id,
    b.source,
    b.what,
    b.fix,
    b.team,
    b.reason,
    b.repository
from blind_spot b
where list_contains($entities, b.entity)
  and (b.from_at is null or b.from_at < $until_at)
  and (b.until_at is null or b.until_at > $from_at)
{of_team}
order by b.id
"""
_TOLD = """
-- One row is one entity that any source tells of.
select distinct entity
from told_entity
"""


def _told(snapshot: Snapshot, beside: Mapping[str, pa.Table]) -> frozenset[str]:
    """Entities that any source tells of; empty where no source says what it tells of."""
    if "told_entity" in beside:
        found = snapshot.attempt(_TOLD, None, beside).to_pylist()
    else:
        found = snapshot.remembered(_TOLD)
    return frozenset(row["entity"] for row in found)


def _unseen(
    snapshot: Snapshot,
    control: Control,
    asked: Asked,
    beside: Mapping[str, pa.Table],
    told: frozenset[str],
) -> Sequence[Result]:
    """One result for each place that members may be in and cannot be seen."""
    entities = list(control.rows_from)
    if told and not told.issuperset(entities):
        return (_unsupported(control),)
    of_team = (
        "  and (b.team is null or list_contains("
        "(select members from team where team = $team), b.team))"
    )
    sql = _REFUSED.format(of_team=of_team if asked.team else "")
    from_at, until_at = _span(snapshot, asked.window)
    values: dict[str, Any] = {"entities": entities, "from_at": from_at, "until_at": until_at}
    if asked.team:
        values["team"] = asked.team
    found = snapshot.attempt(sql, values, beside).to_pylist()
    return tuple(_refused(row) for row in found)


def _unsupported(control: Control) -> Result:
    told = ", ".join(control.rows_from)
    return Result(
        id=f"untold/{control.id}",
        source=None,
        title=f"No source tells of {control.counts[1]}",
        url=None,
        team=None,
        happened_at=None,
        state=State.UNKNOWN,
        reason=Reason.NOT_SUPPORTED,
        detail=f"none of the sources that are configured tells of {told}",
        is_place=True,
    )


def _refused(row: Mapping[str, Any]) -> Result:
    return Result(
        id=row["id"],
        source=row["source"],
        title=row["what"],
        url=None,
        team=row["team"],
        happened_at=None,
        state=State.UNKNOWN,
        reason=Reason(row["reason"]),
        detail=row["fix"],
        is_place=True,
    )
