"""The file of a bill: what kind it is, and its table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import zstandard

from data.costs.bill.csv_file import open_csv, packing_of, refuse_cut, unpacked
from data.costs.bill.form import Encoding, Form
from data.costs.bill.json_file import open_json
from data.costs.bill.refusal import BillRefused
from data.costs.bill.table import BillFile, first_line, identifier
from data.store.quoting import quoted

__all__ = ["identifier", "open_bill"]

_PARQUET = b"PAR1"
_MOST_BLANK = 64
_MOST_COLUMNS = 4_000
"""What takes seconds then takes minutes with twice as many; bills have tens, or a thousand tags."""
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HIGH_FIRST = (b"\xfe\xff", b"\x00")
"""How a text in UTF-16 begins that has the high byte of each sign first."""


def open_bill(connection: duckdb.DuckDBPyConnection, path: Path, form: Form) -> BillFile:
    """Looks at a file's kind and columns.

    Raises:
        BillRefused: if it is not there, is empty, or is no such file.
    """
    file = _opened(connection, path, form)
    if len(file.names) > _MOST_COLUMNS:
        what = f"has {len(file.names):,} columns, and {_MOST_COLUMNS:,} at most can be read"
        raise BillRefused(what, str(path), "export it without those that nobody needs")
    return file


def _opened(connection: duckdb.DuckDBPyConnection, path: Path, form: Form) -> BillFile:
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
    if path.suffix.lower() == ".parquet":
        what = "is no Parquet file: it does not begin as one"
        raise BillRefused(what, str(path), "export the bill anew")
    if start.startswith(_UTF_16) and form.encoding is Encoding.UTF_8:
        fix = 'save it as UTF-8, or say so: a form with `encoding = "utf-16"`'
        raise BillRefused("is written in UTF-16, not in UTF-8", str(path), fix)
    if start.startswith(_HIGH_FIRST) and form.encoding is Encoding.UTF_16:
        what = "is written in UTF-16 with the high byte first, which cannot be read"
        raise BillRefused(what, str(path), "save it as UTF-8, or with the low byte first")
    packing = packing_of(start)
    refuse_cut(path, packing)
    try:
        with unpacked(path, packing) as content:
            begin = content.read(_MOST_BLANK).removeprefix(_BOM).lstrip()
    except (OSError, EOFError, ValueError, zstandard.ZstdError):
        begin = b""  # whoever reads it as CSV says why it cannot be read
    if begin[:1] in (b"{", b"["):
        return open_json(connection, path, packing)
    return open_csv(path, form, packing)


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> BillFile:
    source = f"read_parquet('{quoted(path)}')"
    try:
        rows = connection.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        what = f"is no Parquet file that can be read ({first_line(error)})"
        raise BillRefused(what, str(path), "export the bill anew") from error
    kinds = {name: kind for name, kind, *_ in rows}
    return BillFile(path, tuple(kinds), f"select * from {source}", kinds)
