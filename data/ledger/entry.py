"""An entry of the log, and how entries are asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from data.ledger.event import Event, event, stamp


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf of the log."""

    number: int
    """From 0 on, in the order of appending."""
    id: str
    """Of its event. Of several entries with one id the last is how it was told last."""
    kind: str
    dated_at: datetime
    """When it happened, or, if no source tells, was seen."""
    hash: bytes
    content: bytes | None
    """The canonical JSON of the event; None once it is pruned."""

    @property
    def event(self) -> Event | None:
        """The event; None once it is pruned."""
        return None if self.content is None else event(self.content)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are asked for; None asks for all."""

    kind: str | None = None
    """A kind, or a pattern with `*` and `?`."""
    id: str | None = None
    actor: str | None = None
    """A pseudonym."""
    subject: str | None = None
    """An id, or a pattern with `*` and `?`."""
    source: str | None = None
    text: str | None = None
    """Letters that occur anywhere in the event."""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    first: int = 0
    """Number of the first entry that may come."""
    limit: int | None = None
    is_newest_first: bool = False


def entries(connection: sqlite3.Connection, asked: Asked) -> Iterator[Entry]:
    """The entries that are asked for, in the order of appending, or against it."""
    parameters = _parameters(asked)
    conditions = [_CONDITIONS[name] for name, value in parameters.items() if value is not None]
    query = _ENTRIES.format(
        conditions="\n  and ".join(conditions),
        order="desc" if asked.is_newest_first else "asc",
    )
    limit = -1 if asked.limit is None else asked.limit
    for row in connection.execute(query, {**parameters, "limit": limit}):
        number, identity, kind, dated_at, hashed, content = row
        yield Entry(number, identity, kind, datetime.fromisoformat(dated_at), hashed, content)


def _parameters(asked: Asked) -> dict[str, str | int | None]:
    return {
        "first": asked.first,
        "kind": asked.kind,
        "id": asked.id,
        "since": None if asked.since is None else stamp(asked.since),
        "until": None if asked.until is None else stamp(asked.until),
        "actor": asked.actor,
        "subject": asked.subject,
        "source": asked.source,
        "text": asked.text,
    }


_CONDITIONS = {
    "first": "number >= $first",
    "kind": "kind glob $kind",
    "id": "event = $id",
    "since": "dated_at >= $since",
    "until": "dated_at < $until",
    "actor": "content ->> '$.actor' = $actor",
    "subject": "content ->> '$.subject' glob $subject",
    "source": "content ->> '$.source' = $source",
    "text": "instr(lower(content), lower($text)) > 0",
}
_ENTRIES = """
-- One row is an entry, with what it tells unless that is pruned.
select number, event, kind, dated_at, hash, cast(content as blob)
from entry
left join payload using (number)
where {conditions}
order by number {order}
limit $limit
"""
