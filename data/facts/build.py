"""Builds a snapshot: inputs, facts in their order, what pages show beside them, invariants."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from data.configuration import Configuration
from data.facts.catalogue import FACTS, PUBLISHED, fact_path, fact_sql
from data.facts.checks import InvariantBroken, check_invariants
from data.facts.costs import forget_costs, stand_in
from data.facts.dialect import PLACES, forget, speak, tell_changes
from data.facts.inputs import write_inputs
from data.facts.parts import built_for, held_by
from data.store.streams import known_until

__all__ = ["FACTS", "PUBLISHED", "InvariantBroken", "build", "definitions", "fact_path", "fact_sql"]

Further = Callable[[duckdb.DuckDBPyConnection, str], None]
"""Makes tables in the attached database of the given name, from the working database and inputs."""

_FOLDER = Path(__file__).parent

_COPIES = {
    "repository": "select * from repository order by name",
    "gap": "select * from gap order by source, stream, reason, id",
    "stream": "select * from stream order by source, stream",
    "offer": "select * from offer order by source, kind, entity",
    "sync_run": "select * from sync_run order by started_at desc, source limit 1000",
}


@cache
def definitions() -> dict[str, str]:
    """SHA-256 of each fact's SQL, and of all that is around: inputs, dialect, invariants."""
    around = sorted([*_FOLDER.glob("*.py"), *_FOLDER.glob("invariants/*.sql")])
    texts = {name: fact_sql(name) for name in FACTS}
    texts["around"] = "".join(path.read_text(encoding="utf-8") for path in around)
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def build(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    configuration: Configuration,
    facts: Iterable[str] = FACTS,
    further: Further | None = None,
) -> dict[str, Any]:
    """Fills the attached database `into` from the working database.

    Args:
        connection: the open working database.
        into: the name of the attached one.
        configuration: what holds in the organisation.
        facts: those that are asked for. What they need is built with them, and what must hold of
            them is checked; a snapshot that people read has all.
        further: makes more of what facts are made from, beside `inputs`.

    Returns:
        The manifest: sources with high-water marks, row counts, definition and configuration
        hashes.

    Raises:
        InvariantBroken: naming the invariant and the first row against it.
    """
    working = connection.execute("select current_database()").fetchall()[0][0]
    built = built_for(facts)
    try:
        speak(connection)
        write_inputs(connection, into, configuration)
        if further is not None:
            further(connection, into)
        stand_in(connection, into)
        for name, select in _COPIES.items():
            connection.execute(f"create table {into}.{name} as {select}")
        connection.execute(f"set search_path = '{into}.main,{working}.main'")
        for name in FACTS:
            if name in built:
                _create(connection, into, name)
            if name == PLACES[-1]:
                tell_changes(connection)
        check_invariants(connection, held_by(built))
        return {**_manifest(connection, into, configuration), "facts": _definitions_of(built)}
    finally:
        connection.execute(f"set search_path = '{working}.main'")
        forget(connection)
        forget_costs(connection)
        for name in FACTS:
            if name not in PUBLISHED:
                connection.execute(f"drop table if exists temp.main.{name}")


def _definitions_of(built: frozenset[str]) -> dict[str, str]:
    """The definitions that a snapshot was made by: of some facts, it is never taken for whole."""
    return {name: sha for name, sha in definitions().items() if name in built or name not in FACTS}


def _create(connection: duckdb.DuckDBPyConnection, into: str, name: str) -> None:
    if name in PUBLISHED:
        connection.execute(
            f"create table {into}.{name} as from ({fact_sql(name)}) order by {PUBLISHED[name]}"
        )
    else:
        connection.execute(f"create or replace temp table {name} as {fact_sql(name)}")


def _manifest(
    connection: duckdb.DuckDBPyConnection, into: str, configuration: Configuration
) -> dict[str, Any]:
    sources = connection.sql(
        f"""
        select
            source,
            min(complete_until) as complete_until,
            max(read_at) as read_at
        from {into}.stream
        group by source
        order by source
        """
    ).to_arrow_table()
    marks = [
        {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
        for row in sources.to_pylist()
    ]
    return {
        "as_of": known_until(connection).isoformat(),
        "sources": marks,
        "rows": _counts(connection, into),
        "configuration": configuration.sha256,
        "organisation": configuration.organisation.name,
    }


def _counts(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, int]:
    tables = connection.execute(
        "select table_name from duckdb_tables() where database_name = ? order by 1", [into]
    ).fetchall()
    each = (f"select '{name}', count(*) from {into}.\"{name}\"" for (name,) in tables)
    return dict(connection.execute(" union all ".join(each)).fetchall())
