"""Goes through all entries once, and recomputes what is stored about them."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from data.ledger.database import is_made, statements
from data.ledger.event import OWN_KINDS
from data.ledger.finding import About, Finding
from data.ledger.frontier import Frontier, Node
from data.ledger.tree import EMPTY, HASH_BYTES, leaf_hash

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What sqlite3 raises of a damaged file: also what it would say may be no text."""

_CHUNK = 4_096
_MOST = 20
"""Bad entries that are told of one by one."""

_ENTRIES = """
-- One row is an entry, with its payload unless that is pruned.
select entry.number, event, kind, dated_at, hash, cast(content as blob)
from entry
left join payload using (number)
order by entry.number
"""


@dataclass(slots=True)
class Walked:
    """What the entries told."""

    size: int = 0
    root: bytes | None = None
    roots: dict[int, bytes] = field(default_factory=dict)
    """The root after as many entries, of the sizes that were asked for."""
    without_payload: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    """Kind and hash of entries without a payload."""
    own: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """What the log says of itself, by number."""
    is_own_wrong: bool = False
    """Whether an entry is wrong by which the log says something of itself."""
    findings: list[Finding] = field(default_factory=list)

    def bad_among(self, first: int, last: int) -> int:
        """The first entry known to be bad of those among which one is; else the first of all."""
        bad = (one.entry for one in self.findings if one.about is About.ENTRY)
        return min((n for n in bad if n is not None and first <= n <= last), default=first)


def walked(
    connection: sqlite3.Connection,
    sizes: Set[int],
    progress: Callable[[str, int, int | None], None],
) -> Walked:
    """Recomputes leaves, stored hashes and roots; what is wrong is in the findings."""
    walk = Walked()
    try:
        _check_tables(connection, walk)
        _go(connection, sizes, progress, walk)
        _check_indexes(connection, walk)
    except UNREADABLE as error:
        what = f"the database cannot be read after entry {walk.size:,} ({error})"
        walk.findings.append(Finding(About.DATABASE, what, walk.size))
        walk.root = None
    return walk


def _go(
    connection: sqlite3.Connection,
    sizes: Set[int],
    progress: Callable[[str, int, int | None], None],
    walk: Walked,
) -> None:
    if not is_made(connection):
        walk.root = EMPTY
        return
    (total,) = connection.execute("select count(*) from entry").fetchone()
    frontier = Frontier(0, _nothing)
    stored = _Stored(connection, walk)
    ends = deque(sorted(size for size in sizes if size))
    for leaves in _leaves(connection, walk):
        while ends and ends[0] <= frontier.size + len(leaves):
            end = ends.popleft()
            cut = end - frontier.size
            stored.check(frontier.add(leaves[:cut]))
            del leaves[:cut]
            walk.roots[end] = frontier.root
        stored.check(frontier.add(leaves))
        progress("checking entries", frontier.size, total)
    stored.end(frontier.size)
    walk.root = frontier.root


def _leaves(connection: sqlite3.Connection, walk: Walked) -> Iterator[list[bytes]]:
    """The stored hashes of entries, by which the tree goes on; notes those that are wrong.

    Nearly all entries are as they should be: they take the short way.
    """
    leaves = []
    for row in connection.execute(_ENTRIES):
        number, event, kind, dated_at, stored, content = row
        is_right = False
        if (
            number == walk.size
            and content is not None
            and sha256(b"\x00" + content).digest() == stored
        ):
            told = _told(content)
            is_right = (
                told.get("id") == event
                and told.get("kind") == kind
                and dated_at == (told.get("happened_at") or told.get("observed_at"))
            )
            if is_right and kind.startswith(OWN_KINDS):
                walk.own.append((number, told))
        leaves.append(stored if is_right else _odd(row, walk))
        walk.size = number + 1
        if len(leaves) == _CHUNK:
            yield leaves
            leaves = []
    yield leaves


def _told(content: bytes) -> dict[str, Any]:
    """What a payload tells; nothing if it is no event."""
    try:
        found = _DECODER.raw_decode(content.decode())[0]
    except ValueError:
        return {}
    return found if type(found) is dict else {}


_DECODER = json.JSONDecoder()


def _odd(row: tuple[Any, ...], walk: Walked) -> bytes:
    """The stored hash of an entry that is pruned, or wrong."""
    number, _, kind, _, stored, content = row
    if type(number) is not int:
        raise sqlite3.DatabaseError("an entry has no number")
    walk.is_own_wrong |= content is not None and str(kind).startswith(OWN_KINDS)
    if number != walk.size:
        _tell(walk, About.ENTRY, f"entry {walk.size:,} is missing", walk.size)
    if type(stored) is not bytes or len(stored) != HASH_BYTES:
        _tell(walk, About.ENTRY, f"the hash of entry {number:,} is none", number)
        stored = EMPTY
    if content is None:
        walk.without_payload[number] = (kind, stored)
    elif leaf_hash(content) != stored:
        _tell(walk, About.ENTRY, f"entry {number:,} is not what was appended", number)
    elif number == walk.size:
        what = f"entry {number:,} is listed as something else than it says"
        _tell(walk, About.ENTRY, what, number)
    found: bytes = stored
    return found


def _tell(walk: Walked, about: About, what: str, entry: int | None = None) -> None:
    if len(walk.findings) < _MOST:
        walk.findings.append(Finding(about, what, entry))


def _nothing(level: int, number: int) -> bytes:
    raise LookupError(level, number)  # an empty tree has no subtree


class _Stored:
    """The stored hashes of subtrees, level by level, against those recomputed."""

    def __init__(self, connection: sqlite3.Connection, walk: Walked) -> None:
        self._connection = connection
        self._walk = walk
        self._levels: dict[int, Iterator[Node]] = {}
        self._count = 0

    def check(self, nodes: list[Node]) -> None:
        for node in nodes:
            self._count += 1
            level, number, _ = node
            if level not in self._levels:
                self._levels[level] = self._connection.execute(_NODES, [level])
            if next(self._levels[level], None) != node:
                first, last = number << level, ((number + 1) << level) - 1
                what = f"one of the entries {first:,} to {last:,} was changed, or their hash"
                _tell(self._walk, About.TREE, what, self._walk.bad_among(first, last))

    def end(self, size: int) -> None:
        (count,) = self._connection.execute("select count(*) from node").fetchone()
        if count != self._count:
            what = f"{count:,} hashes are stored for {size:,} entries, not {self._count:,}"
            _tell(self._walk, About.TREE, what)


_NODES = "select level, number, hash from node where level = ? order by number"


def _check_tables(connection: sqlite3.Connection, walk: Walked) -> None:
    """The triggers that refuse changes must be there, and nothing else."""
    there = dict(connection.execute("select name, sql from sqlite_master where sql is not null"))
    if not there:
        return
    for name, statement in statements().items():
        # SQLite writes the first words of a statement its own way.
        if there.pop(name, "").lower() != statement.lower():
            what = f"`{name}` of the database is missing or changed"
            walk.findings.append(Finding(About.RULES, what))
    for name in there:
        walk.findings.append(Finding(About.RULES, f"`{name}` does not belong into the database"))


def _check_indexes(connection: sqlite3.Connection, walk: Walked) -> None:
    for (said,) in connection.execute("pragma integrity_check(1)").fetchall():
        if said != "ok":
            walk.findings.append(Finding(About.DATABASE, f"the database is damaged: {said}"))
