"""What earlier events told, so that later ones can be put together with it.

It follows from the inbox: where it is lost or behind, it is made up from there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from connectors.events.told import Key, State, merge
from connectors.interface import SourceUnavailable
from data.store.inbox import Place

_AT_ONCE = 500
_TABLES = """
create table if not exists thing (key text primary key, state text not null) without rowid;
create table if not exists mark (meaning text, segment integer, byte integer);
"""


class Memory:
    """The states of things, by kind and id, as of a place in the inbox.

    Raises:
        SourceUnavailable: from each method, if the disk says no.
    """

    def __init__(self, path: Path, meaning: str) -> None:
        """Opens the file, which is made if there is none.

        Args:
            path: where it lies.
            meaning: what its states depend on beside the inbox; with another one it is empty.
        """
        self._path = path
        self._meaning = meaning
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._opened()
        except sqlite3.DatabaseError:  # a crash left half a file: all of it follows from the inbox
            path.unlink(missing_ok=True)
            with self._telling():
                self._database = self._opened()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @property
    def place(self) -> Place | None:
        """Up to where of the inbox it knows what was told."""
        with self._telling():
            row = self._database.execute("select meaning, segment, byte from mark").fetchone()
        return Place(row[1], row[2]) if row and row[0] == self._meaning else None

    def forget(self) -> None:
        """Begins anew."""
        with self._telling(), self._database:
            self._database.execute("delete from thing")
            self._database.execute("delete from mark")

    def known(self, keys: Iterable[Key]) -> dict[Key, State]:
        """What is known of some things; those nothing is known of are left out."""
        wanted = {_text(key): key for key in keys}
        names = list(wanted)
        found: dict[str, str] = {}
        with self._telling():
            for start in range(0, len(names), _AT_ONCE):
                some = names[start : start + _AT_ONCE]
                marks = ", ".join("?" * len(some))
                query = f"select key, state from thing where key in ({marks})"
                found |= dict(self._database.execute(query, some).fetchall())
        return {wanted[name]: json.loads(state) for name, state in found.items()}

    def add(self, states: Mapping[Key, State], place: Place) -> None:
        """Adds what was told up to a place."""
        known = self.known(states)
        rows = [
            (_text(key), json.dumps(merge(known.get(key, {}), state), separators=(",", ":")))
            for key, state in states.items()
        ]
        mark = (self._meaning, place.segment, place.byte)
        with self._telling(), self._database:
            self._database.executemany("insert or replace into thing values (?, ?)", rows)
            self._database.execute("delete from mark")
            self._database.execute("insert into mark values (?, ?, ?)", mark)

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        try:
            database.executescript(_TABLES)
        except sqlite3.Error:
            database.close()
            raise
        return database

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise SourceUnavailable(
                f"what was told before cannot be remembered ({error})",
                str(self._path),
                "make room or give the right to write there, or delete the file: it is made anew",
            ) from error


def _text(key: Key) -> str:
    return "\n".join(key)
