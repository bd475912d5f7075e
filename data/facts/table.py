"""A small table of the snapshot, filled from rows that were made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")

Columns = Mapping[str, pa.DataType]


def create(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    name: str,
    rows: Sequence[Mapping[str, object]],
    columns: Columns,
) -> None:
    """Creates the table in the attached database `into`."""
    table = pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items())))
    connection.register("input", table)
    connection.execute(f"create table {into}.{name} as from input")
    connection.unregister("input")
