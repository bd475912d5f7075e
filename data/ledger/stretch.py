"""The entries a stretch at a time, for whoever makes an index of them; also of a damaged log."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from data.ledger.database import size_of
from data.ledger.walk import UNREADABLE

Row = tuple[int, str, str, str, str | None]
"""Number, event, kind, when it happened or was seen, and the canonical JSON unless it is pruned."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What tells whether an index is still one of this log."""

    size: int
    """Entries there are."""
    pruned: int
    """Entries that lost their payload."""
    hash: bytes | None
    """Of the entry that was asked about; None if there is none."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some entries in their order, and why there are not more, if they could not be read."""

    rows: list[Row]
    trouble: str | None = None


def extent(connection: sqlite3.Connection, number: int) -> Extent:
    """How far the log reaches, and the hash of one entry."""
    (pruned,) = connection.execute("select count(*) from pruned").fetchone()
    found = connection.execute("select hash from entry where number = ?", [number]).fetchone()
    return Extent(size_of(connection), pruned, found[0] if found else None)


def stretch(connection: sqlite3.Connection, first: int, most: int) -> Stretch:
    """Up to `most` entries from `first` on. Bytes that are no text are marked as such."""
    try:
        return Stretch(connection.execute(_ROWS, (first, most)).fetchall())
    except UNREADABLE:
        return _what_can_be_read(connection, first, most)


def pruned(connection: sqlite3.Connection) -> list[int]:
    """The numbers of the entries that lost their payload."""
    return [number for (number,) in connection.execute("select number from pruned")]


def _what_can_be_read(connection: sqlite3.Connection, first: int, most: int) -> Stretch:
    """The same row by row, up to the one where the file is damaged."""
    rows: list[Row] = []
    connection.text_factory = lambda content: content.decode(errors="replace")
    try:
        rows.extend(_as_text(row) for row in connection.execute(_ROWS, (first, most)))
    except UNREADABLE as error:
        return Stretch(rows, f"the database cannot be read after entry {first + len(rows):,}"
                             f" ({error})")  # fmt: skip
    return Stretch(rows)


def _as_text(row: tuple[object, ...]) -> Row:
    number, *cells = row
    event, kind, dated_at, content = (None if one is None else str(one) for one in cells)
    return (int(str(number)), event or "", kind or "", dated_at or "", content)


_ROWS = """
-- One row is an entry, with what it tells unless that is pruned.
select number, event, kind, dated_at, content
from entry
left join payload using (number)
where number >= ?
order by number
limit ?
"""
