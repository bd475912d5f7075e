"""What facts read of costs. A snapshot that is made without bills has it, empty."""

from __future__ import annotations

import duckdb

_READ = {
    "bill_in_effect": """
        source varchar,
        account varchar,
        from_at timestamptz,
        until_at timestamptz,
        written_at timestamptz
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
        effective_cost decimal(38, 12)
    """,
}
"""The columns that facts read, by table: more of them may be there."""


def without_costs(connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Creates empty tables of costs where there are none yet, in the attached database `into`."""
    for name, columns in _READ.items():
        connection.execute(f"create table if not exists {into}.{name} ({columns})")
