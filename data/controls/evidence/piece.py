"""Pieces of evidence: who wrote, reviewed, pushed, approved and deployed what was drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from data.controls.given import NOTHING_GIVEN, Given
from data.ledger.people import People
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is told of one member of a population."""

    part: str
    """What it is: `review`, `last push`, `deployment`."""
    what: str | None
    who: tuple[str, ...]
    """Accounts, or their pseudonyms; empty: none, or not told."""
    happened_at: datetime | None
    says: str | None
    """What is told of it, in words; what is not told is left out or said to be so."""
    url: str | None
    """Where a person can see it at its source."""


def pieces(
    snapshot: Snapshot,
    drawn: Collection[str],
    given: Given = NOTHING_GIVEN,
    people: People | None = None,
) -> Mapping[str, tuple[Piece, ...]]:
    """What the facts tell of some members, by their ids, in the order in which it is read.

    Args:
        snapshot: the published data.
        drawn: ids of members, of any control. One of which no statement knows has no piece.
        given: what was decided.
        people: gives accounts their pseudonyms; None: they are named.

    Raises:
        StatementRefused: if the snapshot is not one of this version.
        LedgerRefused: if pseudonyms cannot be made.
    """
    beside = {**given.tables(), "drawn": pa.table({"id": pa.array(sorted(drawn), pa.string())})}
    rows = [row for sql in statements().values() for row in _rows(snapshot, sql, beside, people)]
    names = {account: account for row in rows for account in row["who"] or ()}
    if people is not None:
        names = people.pseudonyms(names)
    found: dict[str, list[Piece]] = {}
    for row in rows:
        found.setdefault(row["member"], []).append(_piece(row, names))
    return {member: tuple(told) for member, told in found.items()}


@cache
def statements() -> dict[str, str]:
    """The statements by the names of their files.

    They read the facts, and `drawn`: the ids. `$sees_names` says whether people may be named.
    """
    return {path.stem: path.read_text(encoding="utf-8") for path in _files()}


def _files() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.glob("*.sql"))


def _rows(
    snapshot: Snapshot, sql: str, beside: Mapping[str, pa.Table], people: People | None
) -> list[dict[str, Any]]:
    named = {"sees_names": people is None} if "$sees_names" in sql else None
    found: list[dict[str, Any]] = snapshot.attempt(sql, named, beside).to_pylist()
    return found


def _piece(row: Mapping[str, Any], names: Mapping[str, str]) -> Piece:
    who = tuple(names[account] for account in row["who"] or ())
    return Piece(row["part"], row["what"], who, row["happened_at"], row["says"] or None, row["url"])
