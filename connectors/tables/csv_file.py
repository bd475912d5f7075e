"""Reading a CSV file (RFC 4180, with other signs where the settings say so).

The standard library's reader is used, not DuckDB's: it tells the line each row begins in, takes
each cell as text, and goes on after a row that is broken.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.tables.settings import Encoding, Layout
from connectors.tables.table import Line, Table, TableRefused

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOST = "\ufffd"


@contextmanager
def open_csv(path: Path, name: str, layout: Layout) -> Iterator[Table]:
    """Opens a file and reads its first line.

    Raises:
        TableRefused: if it has no first line, or is not text in the encoding of the settings.
    """
    with path.open("rb") as file:
        is_wide = file.read(2) in _UTF_16
    if is_wide != (layout.encoding is Encoding.UTF_16):
        told = "is UTF-16" if is_wide else "does not begin as UTF-16 does"
        raise TableRefused(told, name, 'set `encoding = "utf-16"`' if is_wide else "set `encoding`")
    # A byte that is no character shall refuse its row, not the file.
    encoding, errors = {
        Encoding.UTF_8: ("utf-8-sig", "surrogateescape"),
        Encoding.UTF_16: ("utf-16", "replace"),
    }.get(layout.encoding, (layout.encoding.value, "surrogateescape"))
    delimiter = layout.delimiter or ("\t" if name.lower().endswith(".tsv") else ",")
    with path.open(encoding=encoding, errors=errors, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, quotechar=layout.quote, strict=True)
        try:
            columns = [column.strip() for column in next(reader, [])]
        except csv.Error as error:
            raise TableRefused(f"line 1 cannot be read: {error}", name, "mend it") from None
        if not columns:
            raise TableRefused("is empty: it has no first line", name, "name its columns there")
        yield Table(columns, _lines(reader, len(columns), is_wide=is_wide))


def _lines(reader: Any, width: int, *, is_wide: bool) -> Iterator[Line]:
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Line(number, (), _broken(error, number, reader.line_num))
            continue
        if cells is None:
            return
        if len(cells) == width:
            is_lost = is_wide and any(_LOST in cell for cell in cells)
            yield Line(number, cells, "has bytes that are no text" if is_lost else None)
        elif cells:
            what = f"has {len(cells)} cells where the first line has {width}"
            yield Line(number, cells, what)


def _broken(error: csv.Error, first: int, last: int) -> str:
    until = f" (up to line {last})" if last > first else ""
    return f"cannot be told apart into cells: {error}{until}"
