"""Adds events at the end of the log, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from data.errors import CairnError
from data.ledger.checkpoint import Checkpoint
from data.ledger.database import changing, hashes, is_made, readable
from data.ledger.event import Event
from data.ledger.frontier import Frontier
from data.ledger.signing import Signing
from data.ledger.tree import leaf_hash

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and of how much, if that is known."""

Also = Callable[[sqlite3.Connection, int], None]
"""What belongs to the events and is written with them; given the number of the first of them."""

_CHUNK = 1_000


class Leaf(NamedTuple):
    """An event as it is written down."""

    id: str
    kind: str
    dated_at: str
    hash: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Added:
    """What one append did."""

    numbers: range
    """Of the new entries."""
    known: int
    """Events that were there already, as they were told now."""


def add(
    signing: Signing,
    events: Iterable[Event],
    progress: Progress,
    also: Also | None = None,
    *,
    is_sealed: bool = True,
) -> Added:
    """Adds the events that the log does not know, and signs it. The caller holds the log alone.

    Raises:
        EventRefused: if an event cannot be written down; then none is.
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no.
    """
    at = signing.settled(is_sealed=is_sealed)
    chunks = _chunks(events)
    first, known = _first_new(signing, chunks)
    if not first:
        return Added(range(at.size, at.size), known)
    signing.begin(at)
    try:
        head, more = _transaction(signing, at, (first, chunks), progress, also)
    except CairnError:
        with suppress(CairnError):
            signing.settled(is_sealed=is_sealed)  # nothing was written: nothing is under way
        raise
    signing.finish(head)
    return Added(range(at.size, head.size), known + more)


def _transaction(
    signing: Signing,
    at: Checkpoint,
    chunks: tuple[list[Leaf], Iterator[list[Leaf]]],
    progress: Progress,
    also: Also | None,
) -> tuple[Checkpoint, int]:
    """Writes everything or nothing; returns the new head, and how much was known."""
    known, (first, rest) = 0, chunks
    with changing(signing.place) as connection:
        frontier = Frontier(at.size, hashes(connection))
        _write(connection, frontier, first)
        for chunk in rest:
            new = _new(connection, chunk)
            known += len(chunk) - len(new)
            _write(connection, frontier, new)
            progress("appending", frontier.size - at.size, None)
        if also is not None:
            also(connection, at.size)
        connection.execute("insert into head values (?)", [frontier.size])
    return Checkpoint(at.origin, frontier.size, frontier.root), known


def _chunks(events: Iterable[Event]) -> Iterator[list[Leaf]]:
    waiting = iter(events)
    while chunk := [_leaf(event) for event in islice(waiting, _CHUNK)]:
        yield chunk


def _leaf(event: Event) -> Leaf:
    content, dated_at = event.written()
    return Leaf(event.id, event.kind, dated_at, leaf_hash(content), content)


def _first_new(signing: Signing, chunks: Iterator[list[Leaf]]) -> tuple[list[Leaf], int]:
    """The first chunk with something new in it: until then nothing is written."""
    known = 0
    for chunk in chunks:
        if not signing.place.database.exists():
            new = _distinct(chunk, set())
        else:
            with readable(signing.place.database) as connection:
                made = is_made(connection)
                new = _new(connection, chunk) if made else _distinct(chunk, set())
        known += len(chunk) - len(new)
        if new:
            return new, known
    return [], known


def _new(connection: sqlite3.Connection, chunk: list[Leaf]) -> list[Leaf]:
    """Those that are not in the log yet: the hash of a leaf covers the id of its event."""
    marks = ",".join("?" * len(chunk))
    known = connection.execute(
        f"select hash from entry where event in ({marks})", [leaf.id for leaf in chunk]
    )
    return _distinct(chunk, {row[0] for row in known})


def _distinct(chunk: list[Leaf], known: set[bytes]) -> list[Leaf]:
    new = []
    for leaf in chunk:
        if leaf.hash not in known:
            known.add(leaf.hash)
            new.append(leaf)
    return new


def _write(connection: sqlite3.Connection, frontier: Frontier, new: list[Leaf]) -> None:
    first = frontier.size
    connection.executemany(
        "insert into entry values (?, ?, ?, ?, ?)",
        [
            (number, leaf.id, leaf.kind, leaf.dated_at, leaf.hash)
            for number, leaf in enumerate(new, first)
        ],
    )
    connection.executemany(
        "insert into payload values (?, ?)",
        [(number, leaf.content.decode()) for number, leaf in enumerate(new, first)],
    )
    kept = frontier.add([leaf.hash for leaf in new])
    connection.executemany("insert into node values (?, ?, ?)", kept)
