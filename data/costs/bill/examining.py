"""Reads a bill whole: its lines into a file, and what they came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import duckdb

from data.costs.bill.broken import broken_lines, write_numbered
from data.costs.bill.examined import Examined
from data.costs.bill.form import Form
from data.costs.bill.opening import opened
from data.costs.bill.reading import Reading, writing
from data.costs.bill.refusal import BillRefused
from data.costs.bill.summing import summed
from data.costs.bill.swallowed import refuse_swallowed
from data.costs.bill.table import first_line
from data.store.memory import limit_memory
from data.store.quoting import quoted
from data.store.refusal import refusal

Progress = Callable[[int], None]
"""Is told every second how many per cent of a file are read."""

_SECOND = 1.0
_NO_LINES = "state machine reached an invalid state"
"""What the database says of lines that end in several ways."""


def examine(path: Path, form: Form, progress: Progress | None = None) -> Examined:
    """Reads a bill and keeps nothing of it.

    Raises:
        BillRefused: if the file is no bill.
    """
    with TemporaryDirectory(prefix="cairn-bill-") as folder:
        return read_bill(path, form, Path(folder) / "bill.parquet", progress)


def read_bill(path: Path, form: Form, into: Path, progress: Progress | None = None) -> Examined:
    """Reads a bill and writes its lines, typed, into a Parquet file in an empty folder.

    Raises:
        BillRefused: if the file is no bill.
        StoreRefused: if there is no room for its lines.
    """
    with _database(into.parent) as connection:
        try:
            reading = opened(connection, path, form, into.parent)
            with _told(connection, progress):
                connection.execute(writing(reading, into))
            _number(connection, reading, into)
            refuse_swallowed(connection, reading.file, form.delimiter, into)
        except duckdb.Error as error:
            _refuse_place(error, into.parent)
            raise _unreadable(path, error) from error
        return summed(connection, reading, into)


def _unreadable(path: Path, error: duckdb.Error) -> BillRefused:
    if _NO_LINES in str(error):
        what = "cannot be told apart into lines: they end in several ways (LF, CRLF, CR)"
        return BillRefused(what, str(path), "give all its lines the same end")
    what = f"cannot be read ({first_line(error)})"
    return BillRefused(what, str(path), "mend or export it anew")


def _refuse_place(error: duckdb.Error, folder: Path) -> None:
    """It is no fault of the bill if its lines cannot be written, or memory ends."""
    if str(folder) in str(error) or isinstance(error, duckdb.OutOfMemoryException):
        told = refusal(error, folder)
        if told is not None:
            raise told from error


def _number(connection: duckdb.DuckDBPyConnection, reading: Reading, lines: Path) -> None:
    broken = broken_lines(connection, reading.file.path)
    if broken:
        numbered = lines.with_name("numbered.parquet")
        write_numbered(connection, lines, broken, numbered)
        numbered.replace(lines)


@contextmanager
def _database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        limit_memory(connection)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = '{quoted(folder / 'spilled')}'")
        # Without this a list of values becomes a join, after which lines lose their order.
        connection.execute("set disabled_optimizers = 'in_clause'")
        connection.execute("set enable_progress_bar = true")
        connection.execute("set enable_progress_bar_print = false")
        yield connection


@contextmanager
def _told(connection: duckdb.DuckDBPyConnection, progress: Progress | None) -> Iterator[None]:
    """Tells how far the statement is that runs meanwhile."""
    if progress is None:
        yield
        return
    is_done = Event()

    def tell() -> None:
        while not is_done.wait(_SECOND):
            progress(max(0, int(connection.query_progress())))

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_done.set()
        teller.join()
