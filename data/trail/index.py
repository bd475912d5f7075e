"""An index of the log, in memory: made from the log at first use, and from then on kept up.

The log itself is ordered for proofs, not for questions. The index holds nothing that the log does
not: what is pruned there goes from here, and it ends with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from data.ledger.append import Progress
from data.ledger.ledger import Ledger
from data.ledger.refusal import LedgerBroken
from data.ledger.stretch import Row, extent, pruned, stretch
from data.trail import index_sql

_AT_ONCE = 25_000
"""Entries between which others may write to the log."""
_COLUMNS = ("number", "event", "kind", "dated_at", "content")
_LITTLE = 20_000


class Index:
    """What can be asked of one log. Several threads may use it."""

    def __init__(self) -> None:
        """Knows nothing until it is brought up to date."""
        self.size = 0
        """Entries it has read."""
        self.trouble: str | None = None
        """Why it could not read all of them, if so."""
        self._last: bytes | None = None
        self._mark: tuple[int, ...] = ()
        self._lock = threading.Lock()
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("attach ':memory:' as trail (compress)")
        self._begin()

    def refresh(self, ledger: Ledger, progress: Progress) -> None:
        """Reads what the log has more, and forgets what was pruned; of a damaged one what it can.

        Args:
            ledger: the one log that this is an index of.
            progress: told how far it is.

        Raises:
            LedgerRefused: if the log is in use for too long, or may not be read.
        """
        with self._lock:
            try:
                if not ledger.is_there:
                    self._begin()
                    return
                mark = _mark(ledger.place.database)
                with ledger.reading() as connection:
                    there = extent(connection, self.size - 1)
            except LedgerBroken as error:
                self._salvage(ledger, error.what)
                return
            is_longer = (there.size, there.pruned) > (self.size, self._pruned)
            is_other = there.hash != self._last or there.size < self.size or bool(self.trouble)
            if self.size and (is_other or (mark != self._mark and not is_longer)):
                self._begin()  # nothing was appended, and the file is another
            self._mark = mark
            self._forget(ledger, there.pruned)
            while self.size < there.size and self._read(ledger):
                if there.size > _LITTLE:
                    progress("reading the log", self.size, there.size)

    @contextmanager
    def asked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one question."""
        with self._lock:
            cursor = self._connection.cursor()
        with closing(cursor):
            yield cursor

    def _begin(self) -> None:
        self.size, self._pruned = 0, 0
        self.trouble = None
        self._last = None
        self._mark = ()
        self._connection.execute(index_sql.TABLE)

    def _salvage(self, ledger: Ledger, trouble: str) -> None:
        """Reads what can be read of a log that does not say how long it is."""
        with suppress(LedgerBroken):
            while not self.trouble and self._read(ledger):
                pass
        self.trouble = self.trouble or trouble

    def _read(self, ledger: Ledger) -> bool:
        """Takes over the next entries; returns whether there may be more to read."""
        with ledger.reading() as connection:
            found = stretch(connection, self.size, _AT_ONCE)
            if found.rows:
                self._last = extent(connection, found.rows[-1][0]).hash
        if found.rows:
            self._take(found.rows)
            self.size = found.rows[-1][0] + 1
        self.trouble = found.trouble
        return bool(found.rows) and found.trouble is None

    def _take(self, rows: Sequence[Row]) -> None:
        columns = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))
        read = pa.table({name: _array(name, cells) for name, cells in columns.items()})
        with closing(self._connection.cursor()) as cursor:
            cursor.register("read", read)
            cursor.execute(index_sql.INSERT)

    def _forget(self, ledger: Ledger, count: int) -> None:
        """Drops what entries told that were pruned since."""
        if count == self._pruned:
            return
        with ledger.reading() as connection:
            numbers = pruned(connection)
        with closing(self._connection.cursor()) as cursor:
            cursor.register("gone", pa.table({"number": pa.array(numbers, pa.int64())}))
            cursor.execute(index_sql.FORGET)
        self._pruned = count


def _mark(file: Path) -> tuple[int, ...]:
    """Changes when a file does."""
    stat = file.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _array(name: str, cells: Sequence[object]) -> pa.Array:
    if name == "number":
        return pa.array(cells, pa.int64())
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # somebody wrote something else than text
        return pa.array([None if one is None else str(one) for one in cells], pa.string())
