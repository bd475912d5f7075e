"""What is older than its kind is kept for loses its payload; its leaf and all proofs stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import groupby

from data.ledger.event import OWN_KINDS, Event, stamp
from data.ledger.hold import Hold

PRUNED = "ledger.pruned"
_BATCH = 500
"""Entries that one event names at most."""


@dataclass(frozen=True, slots=True)
class Old:
    """An entry whose time is over, and the rule that says so."""

    number: int
    id: str
    hash: bytes
    rule: str


def old(
    connection: sqlite3.Connection,
    rules: Mapping[str, int],
    holds: Sequence[Hold],
    now: datetime,
) -> tuple[list[Old], int]:
    """The entries whose time is over, by rule; and how many more a hold keeps.

    Args:
        connection: the log.
        rules: days by pattern of kind; the first that matches counts.
        holds: all there are.
        now: when.
    """
    standing = [hold for hold in holds if hold.released_by is None]
    found, held = [], 0
    for kind, rule in _ruled(connection, rules):
        before = stamp(now - timedelta(days=rules[rule]))
        for number, identity, hashed, subject in connection.execute(_OLD, (kind, before)):
            if any(hold.holds(kind, subject) for hold in standing):
                held += 1
            else:
                found.append(Old(number, identity, hashed, rule))
    return sorted(found, key=lambda entry: (list(rules).index(entry.rule), entry.number)), held


def pruned_events(
    found: Sequence[Old], rules: Mapping[str, int], actor: str, now: datetime
) -> list[Event]:
    """The events that name what is pruned: entry, id and hash, which thereby stay proven."""
    events = []
    for rule, group in groupby(found, key=lambda entry: entry.rule):
        entries = list(group)
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            named = [{"number": e.number, "id": e.id, "hash": e.hash.hex()} for e in batch]
            data = {"rule": rule, "days": rules[rule], "entries": named}
            identity = f"{PRUNED}:{now.isoformat()}:{batch[0].number}"
            events.append(Event(PRUNED, identity, now, now, actor=actor, source="cairn", data=data))
    return events


def pruned_by(connection: sqlite3.Connection, number: int) -> int | None:
    """The entry that says that another lost its payload; None if none does."""
    asked = "select pruned_by from pruned where number = ?"
    found = connection.execute(asked, [number]).fetchone()
    return None if found is None else int(found[0])


def write_pruned(connection: sqlite3.Connection, number: int) -> None:
    """Deletes the payloads that the entries from `number` on name."""
    connection.execute(_NAMED, [number])
    connection.execute("delete from payload where number in (select number from pruned)")


def _ruled(connection: sqlite3.Connection, rules: Mapping[str, int]) -> list[tuple[str, str]]:
    kinds = [row[0] for row in connection.execute("select distinct kind from entry")]
    return [
        (kind, rule)
        for kind in kinds
        if not kind.startswith(OWN_KINDS)
        and (rule := next((rule for rule in rules if fnmatchcase(kind, rule)), None))
    ]


_OLD = """
-- One row is an entry of a kind from before a time, that still tells something.
select number, event, hash, content ->> '$.subject'
from entry
join payload using (number)
where kind = ?
  and dated_at < ?
order by number
"""
_NAMED = """
-- One row is an entry that may lose its payload.
insert into pruned
select
  named.value ->> '$.number',
  payload.number,
  named.key
from payload
join json_each(payload.content, '$.data.entries') as named
where payload.number >= ?
"""
