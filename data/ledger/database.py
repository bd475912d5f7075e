"""The database of the log: how it is opened for one writer, or for readers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from data.ledger.frontier import TILE_LEVEL
from data.ledger.lock import held
from data.ledger.place import Place
from data.ledger.refusal import LedgerBroken, refuse_no_file, told
from data.ledger.tree import folded

WAIT_SECONDS = 60.0
"""How long another process is waited for: so long may a check of a large log take."""

_CACHE_KIB = 65_536


@contextmanager
def writing(place: Place, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Holds the log alone.

    Raises:
        LedgerRefused: if others hold it for longer than is waited, or the disk says no.
    """
    with told(place.folder):
        place.checkpoints.mkdir(parents=True, exist_ok=True)
        with held(place.lock, is_shared=False, wait_seconds=wait_seconds):
            recover(place)
            yield


@contextmanager
def reading(place: Place, wait_seconds: float = WAIT_SECONDS) -> Iterator[sqlite3.Connection]:
    """The database, which nobody writes meanwhile. It must be there.

    Raises:
        LedgerRefused: as `writing` does.
        LedgerBroken: if it is damaged.
    """
    with told(place.folder):
        while True:
            with still(place, wait_seconds) as is_half_written:
                if not is_half_written:
                    with readable(place.database) as connection:
                        yield connection
                    return
            with held(place.lock, is_shared=False, wait_seconds=wait_seconds):
                recover(place)


@contextmanager
def still(place: Place, wait_seconds: float) -> Iterator[bool]:
    """Waits until nobody writes; tells whether a crash has left something half-written.

    Only who waited can tell: a journal also lies there while somebody writes.
    """
    with held(place.lock, is_shared=True, wait_seconds=wait_seconds):
        yield place.journal.exists()


@contextmanager
def readable(database: Path) -> Iterator[sqlite3.Connection]:
    """The file as it is: no lock is taken, no journal played back.

    Raises:
        LedgerBroken: if it is no file.
    """
    refuse_no_file(database)
    uri = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma cell_size_check = on")
        yield connection


@contextmanager
def changing(place: Place) -> Iterator[sqlite3.Connection]:
    """One transaction for the one writer, with the tables made if need be.

    What is deleted is overwritten with zeros, and what is committed is on the disk.

    Raises:
        LedgerRefused: if disk or database say no; nothing was written then.
    """
    with told(place.database), closing(connected(place.database)) as connection:
        connection.execute("begin immediate")
        try:
            if not is_made(connection):
                for statement in statements().values():
                    connection.execute(statement)
            yield connection
            if connection.in_transaction:
                connection.execute("commit")
        finally:
            if connection.in_transaction:
                connection.execute("rollback")


def recover(place: Place) -> None:
    """Undoes what a crash left half-written. The caller holds the log alone.

    Raises:
        LedgerBroken: if nobody had begun to write: the journal is not ours.
    """
    if not place.journal.exists():
        return
    refuse_no_file(place.journal)
    if not place.begun.exists():
        what, fix = "a journal lies here that no append has left", "move it away, and look who came"
        raise LedgerBroken(what, str(place.journal), fix)
    with told(place.database), closing(connected(place.database)) as connection:
        connection.execute("begin immediate")
        connection.execute("rollback")
    place.journal.unlink(missing_ok=True)


def is_made(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there."""
    return bool(connection.execute("select 1 from sqlite_master").fetchone())


def size_of(connection: sqlite3.Connection) -> int:
    """How many entries there are."""
    found: int = connection.execute("select coalesce(max(number) + 1, 0) from entry").fetchone()[0]
    return found


def hashes(connection: sqlite3.Connection) -> Callable[[int, int], bytes]:
    """Asks the database for complete subtrees, as `data.ledger.tree` wants them."""

    @cache
    def complete(level: int, number: int) -> bytes:
        stored = level - level % TILE_LEVEL
        width = 1 << (level - stored)
        found = [
            row[0]
            for row in connection.execute(
                "select hash from node where level = ? and number >= ? and number < ? "
                "order by number"
                if stored
                else "select hash from entry where ? = 0 and number >= ? and number < ? "
                "order by number",
                (stored, number * width, (number + 1) * width),
            )
        ]
        if len(found) != width or not all(isinstance(each, bytes) for each in found):
            first = number << level
            what = f"hashes of entries {first:,} to {first + (1 << level) - 1:,} are missing"
            raise LedgerBroken(what, "ledger", "run `cairn audit verify`")
        return folded(found)

    return complete


@cache
def statements() -> dict[str, str]:
    """What makes each table, index and trigger, by its name."""
    statements: dict[str, str] = {}
    statement = ""
    text = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("--"):
            continue
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            made = statement.strip().removesuffix(";")
            statements[made.split()[2]] = made
            statement = ""
    return statements


def connected(database: Path) -> sqlite3.Connection:
    """A connection that may write. What it commits is on the disk, what it deletes is zeros.

    Raises:
        LedgerBroken: if it is no file.
    """
    refuse_no_file(database)
    connection = sqlite3.connect(database, isolation_level=None, timeout=WAIT_SECONDS)
    connection.execute("pragma journal_mode = delete")
    connection.execute("pragma synchronous = extra")
    connection.execute("pragma secure_delete = on")
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma cache_size = -{_CACHE_KIB}")
    return connection
