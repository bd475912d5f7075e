"""Legal holds: while one stands, what it holds is kept, whatever its age."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from data.errors import WrongQuestion
from data.ledger.event import Event, event

SET, RELEASED = "ledger.hold_set", "ledger.hold_released"


class HoldRefused(WrongQuestion):
    """A hold on something that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held, since which entry, and until which."""

    set_by: int
    """Number of the entry that set it: its name."""
    kinds: str
    subjects: str
    """Patterns with `*` and `?`."""
    reason: str
    actor: str | None
    set_at: datetime
    released_by: int | None

    def holds(self, kind: str, subject: str | None) -> bool:
        """Whether it is about such an event."""
        return fnmatchcase(kind, self.kinds) and fnmatchcase(subject or "", self.subjects)


def check(pattern: str) -> None:
    """Makes sure that every program reads a pattern alike: of brackets there are two readings.

    Raises:
        HoldRefused: if it is empty, or has a bracket in it.
    """
    if not pattern or "[" in pattern:
        what = f"`{pattern[:80]}` is no pattern"
        raise HoldRefused(what, "", "write it with `*` and `?` alone: `change.*`")


def kept(connection: sqlite3.Connection, set_by: int) -> int:
    """How many entries that still tell something a hold is about."""
    found: int = connection.execute(_KEPT, [set_by]).fetchone()[0]
    return found


def set_event(about: tuple[str, str], reason: str, actor: str, now: datetime) -> Event:
    """The event that sets a hold on kinds and subjects."""
    data = {"kinds": about[0], "subjects": about[1], "reason": reason}
    return _event(SET, actor, now, data)


def released_event(hold: Hold, reason: str, actor: str, now: datetime) -> Event:
    """The event that releases a hold."""
    return _event(RELEASED, actor, now, {"set_by": hold.set_by, "reason": reason})


def write_set(connection: sqlite3.Connection, number: int) -> None:
    """Puts the hold that an entry sets into force."""
    connection.execute(_SET, [number])


def write_released(connection: sqlite3.Connection, number: int) -> None:
    """Ends the hold that an entry releases."""
    connection.execute(_RELEASED, [number])


def holds(connection: sqlite3.Connection) -> list[Hold]:
    """All holds, those that were released too."""
    found = []
    for set_by, kinds, subjects, content, released_by in connection.execute(_HOLDS):
        told = event(content)
        reason = told.data["reason"]
        found.append(
            Hold(set_by, kinds, subjects, reason, told.actor, told.observed_at, released_by)
        )
    return found


def _event(kind: str, actor: str, now: datetime, data: dict[str, Any]) -> Event:
    identity = f"{kind}:{now.isoformat()}"
    return Event(kind, identity, now, now, actor=actor, source="cairn", data=data)


_SET = """
-- One row is the hold that an entry tells.
insert into hold
select
  number,
  content ->> '$.data.kinds',
  content ->> '$.data.subjects'
from payload
where number = ?
"""
_RELEASED = """
-- One row is the hold that an entry releases.
insert into release
select
  content ->> '$.data.set_by',
  number
from payload
where number = ?
"""
_KEPT = """
-- How many entries a hold is about.
select count(*)
from hold
join entry on entry.kind glob hold.kinds
join payload using (number)
where hold.set_by = ?
  and coalesce(payload.content ->> '$.subject', '') glob hold.subjects
"""
_HOLDS = """
-- One row is a hold, with its end if it has one.
select set_by, kinds, subjects, content, released_by
from hold
join payload on payload.number = set_by
left join release using (set_by)
order by set_by
"""
