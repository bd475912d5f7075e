"""Who is meant: each account under a pseudonym, and a mapping that can be erased."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from data.durable import PRIVATE, write_whole
from data.ledger.database import is_made, readable
from data.ledger.lock import held
from data.ledger.place import Place
from data.ledger.refusal import LedgerRefused, refuse_no_file, told

ERASED = "ledger.person_erased"
"""The event of a person whose account is not known any more."""

WAIT_SECONDS = 30.0
_KEY_BYTES = 32
_TABLES = (
    # One row is a person whose account is known.
    "create table if not exists person (pseudonym text primary key, account text not null)",
    # One row is a person who was erased and is not mapped again.
    "create table if not exists erased (pseudonym text primary key)",
)


class People:
    """The accounts of one log's persons, in a file of their own, beside it."""

    def __init__(self, place: Place) -> None:
        """Names the log."""
        self._place = place

    def pseudonym(self, account: str) -> str:
        """The name of an account in the log; notes the account, unless it was erased.

        Keyed (HMAC-SHA256): without the key nobody can try whose it is.

        Raises:
            LedgerRefused: if key or file cannot be read or written.
        """
        return self.pseudonyms([account])[account]

    def pseudonyms(self, accounts: Iterable[str]) -> dict[str, str]:
        """The names of many accounts in the log, as `pseudonym` gives them.

        Raises:
            LedgerRefused: as `pseudonym` does.
        """
        with self._writing() as connection:
            key = self._key()
            found = {account: _pseudonym(key, account) for account in accounts}
            connection.executemany(
                "insert into person select ?1, ?2 "
                "where not exists (select 1 from erased where pseudonym = ?1) "
                "on conflict do nothing",
                [(pseudonym, account) for account, pseudonym in found.items()],
            )
        return found

    def known(self, account: str) -> str:
        """The name that an account has, or would have; notes nothing.

        Raises:
            LedgerRefused: if the key cannot be read.
        """
        return self.unnoted([account])[account]

    def unnoted(self, names: Iterable[str]) -> dict[str, str]:
        """Pseudonyms likewise, also of ids that would tell an account; notes nothing.

        Raises:
            LedgerRefused: if the key cannot be read.
        """
        with self._writing():
            key = self._key()
            return {name: _pseudonym(key, name) for name in names}

    def accounts(self) -> dict[str, str]:
        """The account of each pseudonym, of those who were not erased.

        Raises:
            LedgerRefused: if the file cannot be read.
        """
        if not self._place.people.exists():
            return {}
        with (
            told(self._place.people),
            held(self._lock, is_shared=True, wait_seconds=WAIT_SECONDS),
            readable(self._place.people) as connection,
        ):
            if not self._place.people_journal.exists():
                return _accounts(connection)
        with self._writing() as connection:
            return _accounts(connection)

    def forget(self, pseudonym: str) -> bool:
        """Deletes a mapping for good; returns whether there was one.

        Raises:
            LedgerRefused: if the file cannot be written.
        """
        with self._writing() as connection:
            connection.execute("insert or ignore into erased values (?)", [pseudonym])
            done = connection.execute("delete from person where pseudonym = ?", [pseudonym])
            return done.rowcount > 0

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        place = self._place
        with told(place.people):
            place.folder.mkdir(parents=True, exist_ok=True)
            with held(self._lock, is_shared=False, wait_seconds=WAIT_SECONDS):
                if not place.people.exists():
                    write_whole(place.people, b"", mode=PRIVATE)
                refuse_no_file(place.people)
                self._key()  # before there is anything in the file: later it would be missed
                with closing(sqlite3.connect(place.people, isolation_level=None)) as connection:
                    # What is deleted is overwritten with zeros.
                    connection.execute("pragma secure_delete = on")
                    connection.execute("pragma synchronous = extra")
                    connection.execute("begin immediate")
                    for table in _TABLES:
                        connection.execute(table)
                    yield connection
                    connection.execute("commit")

    @property
    def _lock(self) -> Path:
        return self._place.folder / "people.lock"

    def _key(self) -> bytes:
        path = self._place.people_key
        if not path.exists():
            if self._place.people.exists() and self._place.people.stat().st_size:
                what, fix = "the key of the pseudonyms is gone", "bring it back"
                raise LedgerRefused(what, str(path), fix)
            write_whole(path, f"{secrets.token_hex(_KEY_BYTES)}\n".encode(), mode=PRIVATE)
        refuse_no_file(path)
        try:
            return bytes.fromhex(path.read_text(encoding="utf-8"))
        except ValueError as error:
            fix = "bring it back from a copy"
            raise LedgerRefused("the key of the pseudonyms is damaged", str(path), fix) from error


def _accounts(connection: sqlite3.Connection) -> dict[str, str]:
    """None of a file that a crash has left empty."""
    if not is_made(connection):
        return {}
    return dict(connection.execute("select pseudonym, account from person").fetchall())


def _pseudonym(key: bytes, account: str) -> str:
    """Half of the HMAC: no two of all the accounts there are will meet."""
    digest = hmac.digest(key, account.strip().casefold().encode(), hashlib.sha256)
    return f"person:{digest[:16].hex()}"
