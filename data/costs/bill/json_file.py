"""Costs as a JSON document: objects by name, in one or several windows of time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import zstandard

from data.costs.bill.csv_file import Packing, unpacked
from data.costs.bill.refusal import BillRefused
from data.costs.bill.table import ROW, BillFile, first_line

_TABLE = "bill_records"


class _Number(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number


def open_json(connection: duckdb.DuckDBPyConnection, path: Path, packing: Packing) -> BillFile:
    """Reads a document, and makes its objects a table with a column for each of their keys.

    It is the form in which OpenCost answers: `{"data": [{NAME: OBJECT, …}, …]}`, or that list
    alone. A number is the text that it was written as.

    Raises:
        BillRefused: if it is no such document.
    """
    records = list(_records(path, _document(path, packing)))
    names = tuple(dict.fromkeys(key for record in records for key in record))
    if not names:
        raise BillRefused("has no objects that tell costs", str(path), "export it anew")
    columns: dict[str, list[Any]] = {
        name: [_text(record.get(name)) for record in records] for name in names
    }
    table = pa.table({
        ROW: pa.array(range(1, len(records) + 1), pa.int64()),
        **{name: pa.array(values, pa.string()) for name, values in columns.items()},
    })  # fmt: skip
    connection.register("given_records", table)
    connection.execute(f"create or replace temp table {_TABLE} as from given_records")
    connection.unregister("given_records")
    nested = {name for record in records for name, value in record.items() if _is_nested(value)}
    kinds = {name: "JSON" if name in nested else "VARCHAR" for name in names}
    return BillFile(path, names, _relation(kinds), kinds, is_numbered=True)


def _relation(kinds: Mapping[str, str]) -> str:
    names = {name: '"' + name.replace('"', '""') + '"' for name in kinds}
    columns = ", ".join(
        f"try_cast({names[name]} as json) as {names[name]}" if kind == "JSON" else names[name]
        for name, kind in kinds.items()
    )
    return f"select {ROW}, {columns} from {_TABLE}"


def _document(path: Path, packing: Packing) -> object:
    try:
        with unpacked(path, packing) as file:
            return json.loads(file.read(), parse_float=_Number, parse_constant=_no_number)
    except (OSError, EOFError, ValueError, zstandard.ZstdError) as error:
        what = f"is no JSON document ({first_line(error)})"
        raise BillRefused(what, str(path), "export it anew") from error


def _no_number(text: str) -> str:
    """`NaN` stays the text that it is, and no number."""
    return text


def _records(path: Path, document: object) -> Iterator[Mapping[str, Any]]:
    windows = document.get("data") if isinstance(document, dict) else document
    if not isinstance(windows, list):
        what = "is no list of costs: its objects are not under `data`"
        raise BillRefused(what, str(path), "is it what OpenCost answers to /allocation?")
    for window in windows:
        for name, record in (window or {}).items() if isinstance(window, dict | None) else ():
            if isinstance(record, dict):
                yield {"name": name, **record}


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case _Number():
            return value.text
        case bool() | dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)
