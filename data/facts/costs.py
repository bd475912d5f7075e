"""What facts read of costs. Where none were made, empty tables stand in."""

from __future__ import annotations

import duckdb

READ = {
    "bill_in_effect": """
        source varchar,
        account varchar,
        from_at timestamptz,
        until_at timestamptz,
        written_at timestamptz,
        tells_effective boolean
    """,
    "charge_day": """
        day date,
        provider varchar,
        currency varchar,
        bucket varchar,
        team varchar,
        activity varchar,
        subject varchar,
        initiative varchar,
        rows bigint,
        effective_cost decimal(38, 12),
        reporting_currency varchar,
        reporting_effective decimal(38, 12)
    """,
}
"""The columns that facts read, by table: more of them may be there."""


def stand_in(connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Makes empty tables, for this connection alone, of those that the database `into` lacks."""
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = ?", [into]
    ).fetchall()
    for name in READ.keys() - {name for (name,) in found}:
        connection.execute(f"create or replace temp table {name} ({READ[name]})")


def forget_costs(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops them again."""
    for name in READ:
        connection.execute(f"drop table if exists temp.main.{name}")
