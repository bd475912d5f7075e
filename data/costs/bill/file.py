"""The file of a bill: what kind it is, which columns it has, and how the database reads it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

import duckdb
import zstandard

from data.costs.bill.column import Type
from data.costs.bill.form import Form
from data.costs.bill.refusal import BillRefused
from data.store.quoting import quoted

_MOST_HEAD_BYTES = 1_000_000
_NUMBERS = ("INT", "DECIMAL", "HUGEINT")


class Packing(StrEnum):
    """How a CSV file is compressed, in the words of DuckDB."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


_SIGNATURES = {b"\x1f\x8b": Packing.GZIP, b"\x28\xb5\x2f\xfd": Packing.ZSTD}
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class BillFile:
    """A file that can be read."""

    path: Path
    names: tuple[str, ...]
    """Its columns, as it names them."""
    relation: str
    """SQL that yields its rows, with `bill_row`, their number from 1 on."""
    kinds: Mapping[str, str]
    """What the database takes each column for; of a CSV file all are text."""

    def text(self, name: str, form: Form) -> str:
        """The SQL of a value as text."""
        cell = identifier(name)
        if self.kinds[name] == "VARCHAR":
            return form.text(cell)
        if self.kinds[name].startswith(("MAP", "STRUCT")):
            return f"cast(to_json({cell}) as varchar)"
        return f"cast({cell} as varchar)"

    def value(self, name: str, text: str, form: Form, kind: Type) -> str:
        """The SQL of a value in its type, null where it cannot be read.

        Args:
            name: the column.
            text: the SQL of its text.
            form: how the file writes values.
            kind: what it should be.
        """
        found = self.kinds[name]
        if found == "VARCHAR":
            return form.value(text, kind)
        if kind is Type.DECIMAL:
            # The shortest text of a float is what was meant: 0.1, not 0.1000000000000000055.
            is_exact = found.startswith(_NUMBERS) or "INT" in found
            return f"try_cast({identifier(name) if is_exact else text} as {kind.sql})"
        if kind is Type.MOMENT and found.startswith(("TIMESTAMP", "DATE")):
            return f"cast({identifier(name)} as timestamptz)"
        return Form().value(text, kind)


def identifier(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def open_bill(connection: duckdb.DuckDBPyConnection, path: Path, form: Form) -> BillFile:
    """Looks at a file's kind and columns.

    Raises:
        BillRefused: if it is not there, is empty, or is no such file.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise BillRefused(what, str(path), "name a file that this user may read") from error
    if not start:
        raise BillRefused("is empty", str(path), "export the bill anew")
    if start == _PARQUET:
        return _parquet(connection, path)
    packing = next((p for sign, p in _SIGNATURES.items() if start.startswith(sign)), Packing.NONE)
    return _csv(path, form, packing)


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> BillFile:
    source = f"read_parquet('{quoted(path)}', file_row_number = true)"
    try:
        rows = connection.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        what = f"is no Parquet file that can be read ({_first_line(error)})"
        raise BillRefused(what, str(path), "export the bill anew") from error
    kinds = {name: kind for name, kind, *_ in rows if name != "file_row_number"}
    return BillFile(
        path,
        tuple(kinds),
        f"select file_row_number + 1 as bill_row, * exclude (file_row_number) from {source}",
        kinds,
    )


def _csv(path: Path, form: Form, packing: Packing) -> BillFile:
    names = _head(path, form, packing)
    columns = ", ".join(f"{_literal(name)}: 'varchar'" for name in names)
    source = f"""read_csv(
        '{quoted(path)}', auto_detect = false, header = true, columns = {{{columns}}},
        delim = {_literal(form.delimiter)}, quote = '"', escape = '"', compression = '{packing}',
        encoding = '{form.encoding}', store_rejects = true
    )"""
    return BillFile(
        path,
        names,
        f"select row_number() over () as bill_row, * from {source}",
        dict.fromkeys(names, "VARCHAR"),
    )


def _head(path: Path, form: Form, packing: Packing) -> tuple[str, ...]:
    """The names in the first line."""
    encoding = {"utf-8": "utf-8-sig"}.get(form.encoding, form.encoding)
    try:
        with _unpacked(path, packing) as file:
            text = file.read(_MOST_HEAD_BYTES).decode(encoding, errors="replace")
        rows = csv.reader(text.splitlines(keepends=True), delimiter=form.delimiter, strict=True)
        names = [name.strip() for name in next(rows, [])]
    except (OSError, EOFError, csv.Error, UnicodeError, zstandard.ZstdError) as error:
        what = f"its first line cannot be read ({_first_line(error)})"
        raise BillRefused(what, str(path), "export the bill anew") from error
    _judge(names, path, form)
    return tuple(names)


def _judge(names: Sequence[str], path: Path, form: Form) -> None:
    if not any(names):
        raise BillRefused("has no first line that names its columns", str(path), "add one")
    if len(names) == 1:
        other = next((mark for mark in ",;\t|" if mark in names[0]), None)
        if other is not None:
            what = f"its cells are separated by {other!r}, not by {form.delimiter!r}"
            raise BillRefused(what, str(path), f"say so: a form with `delimiter = {other!r}`")
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen or not name:
            what = f"has two columns `{name}`" if name else "has a column without a name"
            raise BillRefused(what, str(path), "rename one of them")
        seen.add(name.casefold())


@contextmanager
def _unpacked(path: Path, packing: Packing) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        match packing:
            case Packing.GZIP:
                with gzip.open(raw) as file:
                    yield file  # type: ignore[misc]  # gzip's own file is one of bytes
            case Packing.ZSTD:
                with zstandard.ZstdDecompressor().stream_reader(raw) as file:
                    yield file
            case Packing.NONE:
                yield raw


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
