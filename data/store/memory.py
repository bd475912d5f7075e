"""How much memory a database may take that builds or reads far more than it shows."""

from __future__ import annotations

import duckdb

_MOST = 2_500_000_000
"""Bytes; what needs more is written beside the database for a while."""


def limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes less of a large machine, and what a small one has for us as it is."""
    asked = "select parse_formatted_bytes(current_setting('memory_limit'))"
    ((limit,),) = connection.execute(asked).fetchall()
    if limit > _MOST:
        connection.execute(f"set memory_limit = '{_MOST}B'")
