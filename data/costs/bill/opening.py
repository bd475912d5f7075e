"""From a file to how it is read."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb

from data.costs.bill.file import open_bill
from data.costs.bill.form import Form
from data.costs.bill.native.reading import ExportReading
from data.costs.bill.native.recognising import export_of
from data.costs.bill.reading import FocusReading, Reading
from data.costs.bill.table import ROW, BillFile
from data.store.quoting import quoted

_MACROS = Path(__file__).parent / "native" / "macros.sql"


def opened(connection: duckdb.DuckDBPyConnection, path: Path, form: Form, aside: Path) -> Reading:
    """How a file is read.

    Args:
        connection: a database of its own.
        path: the file.
        form: how its values are written, and what was said of it.
        aside: a folder for what is needed while it is read.

    Raises:
        BillRefused: if it is no bill.
    """
    connection.execute(_macros())
    file = open_bill(connection, path, form)
    export = export_of(connection, file, form)
    if export is None:
        return FocusReading(file, form)
    if export.parts and not file.is_numbered:
        file = _numbered(connection, file, aside / "records.parquet")
    return ExportReading(file, form, export)


@cache
def _macros() -> str:
    return _MACROS.read_text(encoding="utf-8")


def _numbered(connection: duckdb.DuckDBPyConnection, file: BillFile, into: Path) -> BillFile:
    """The same records with their numbers, so that several charges can come of each."""
    connection.execute(f"copy ({file.relation}) to '{quoted(into)}' (format parquet)")
    relation = f"""
        select file_row_number + 1 as {ROW}, * exclude (file_row_number)
        from read_parquet('{quoted(into)}', file_row_number = true)
    """
    return replace(file, relation=relation, is_numbered=True)
