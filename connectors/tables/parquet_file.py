"""Reading a Parquet file. What it knows the type of is written out plainly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from connectors.tables.table import Line, Table, TableRefused

_BATCH_ROWS = 10_000
_TEXTS = ("string", "large_string", "string_view", "dictionary<values=string")


@contextmanager
def open_parquet(path: Path, name: str) -> Iterator[Table]:
    """Opens a file and reads what its columns are; those inside of one are called `outer.inner`.

    Raises:
        TableRefused: if it is no Parquet file.
    """
    try:
        file = parquet.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TableRefused(f"is no Parquet file: {said}", name, "write it again") from None
    with file:
        schema = _flat(file.schema_arrow.empty_table()).schema
        typed = {f.name: str(f.type) for f in schema if not str(f.type).startswith(_TEXTS)}
        yield Table(schema.names, _lines(file, name), typed)


def _lines(file: parquet.ParquetFile, name: str) -> Iterator[Line]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            table = _flat(pa.Table.from_batches([batch]))
            for cells in zip(*map(_texts, table.columns), strict=True):
                number += 1
                yield Line(number, cells)
    except (pa.ArrowException, OSError) as error:
        what = f"breaks off after row {number}: {str(error).splitlines()[0]}"
        raise TableRefused(what, name, "write it again") from None


def _flat(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(column.type) for column in table.schema):
        table = table.flatten()
    return table


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    write = _writer(kind)
    return [None if value is None else write(value) for value in column.to_pylist()]


def _writer(kind: pa.DataType) -> Callable[[Any], str]:
    if pa.types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if pa.types.is_nested(kind):
        return lambda value: json.dumps(value, default=_plain)
    return _plain


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
