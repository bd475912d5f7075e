"""Builds a snapshot: inputs, facts in their order, what pages show beside them, invariants."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data.configuration import Configuration
from data.errors import CairnError
from data.facts.inputs import write_inputs

_FOLDER = Path(__file__).parent

FACTS = (
    "owned_service",
    "delivery_chain",
    "local_day",
    "deployment_build",
    "deployment_commit",
    "deployment_told_again",
    "deployment_attempt",
    "deployment_step",
    "service_watch",
    "change_told_again",
    "change_service",
    "change_elsewhere",
    "delivery_route",
    "route_arrival",
    "change_arrival",
    "change_delivery",
    "change_undoing",
    "incident_cause",
    "deployment_mend",
    "deployment_outcome",
)
"""The facts, each built from those before it."""

PUBLISHED = {
    "owned_service": "service",
    "service_watch": "service, environment",
    "change_elsewhere": "repository",
    "change_delivery": "local_at",
    "incident_cause": "started_at, id",
    "deployment_outcome": "local_at",
}
"""The facts that a snapshot keeps, and the order of their rows. The others go when it is built."""

_COPIES = {
    "repository": "select * from repository order by name",
    "gap": "select * from gap order by source, stream, reason, id",
    "stream": "select * from stream order by source, stream",
    "sync_run": "select * from sync_run order by started_at desc, source limit 1000",
}

# What DuckDB writes in its own way. Another engine needs these few lines in its own, no more.
# An ordinal is the place in which a row was told: it orders what happened in the same second.
_DIALECT = """
create or replace temp macro unix_seconds(moment) as cast(floor(epoch(moment)) as bigint);
create or replace temp macro without_service(name, service) as
    case
        when left(name, length(service) + 1) in (
            service || '/', service || '-', service || '@', service || '_'
        )
            then substr(name, length(service) + 2)
        else name
    end;
create or replace temp macro bare_version(name, service) as
    case
        when without_service(name, service) between 'v0' and 'v:'
            then substr(without_service(name, service), 2)
        else without_service(name, service)
    end;
create or replace temp view told_deployment as select rowid as ordinal, * from deployment;
create or replace temp view told_change as select rowid as ordinal, * from change;
create or replace temp view told_touch as
    select
        rowid as ordinal,
        repository,
        position,
        first_commit_at,
        merged_at,
        unnest(case when len(services) > 1 then list_distinct(services) else services end)
            as service
    from change
"""


class InvariantBroken(CairnError):
    """A freshly built snapshot contradicts itself and is not published."""


def fact_sql(name: str) -> str:
    """The SELECT that defines a fact."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def definitions() -> dict[str, str]:
    """SHA-256 of each fact's SQL."""
    return {n: hashlib.sha256(fact_sql(n).encode()).hexdigest() for n in FACTS}


def build(
    connection: duckdb.DuckDBPyConnection, into: str, configuration: Configuration
) -> dict[str, Any]:
    """Fills the attached database `into` from the working database.

    Returns:
        The manifest: sources with high-water marks, row counts, definition and configuration
        hashes.

    Raises:
        InvariantBroken: naming the invariant and the first row against it.
    """
    working = connection.execute("select current_database()").fetchall()[0][0]
    try:
        for statement in _DIALECT.split(";\n"):
            connection.execute(statement)
        write_inputs(connection, into, configuration)
        for name, select in _COPIES.items():
            connection.execute(f"create table {into}.{name} as {select}")
        connection.execute(f"set search_path = '{into}.main,{working}.main'")
        for name in FACTS:
            _create(connection, into, name)
        check_invariants(connection)
        return _manifest(connection, into, configuration)
    finally:
        connection.execute(f"set search_path = '{working}.main'")
        _forget(connection)


def _create(connection: duckdb.DuckDBPyConnection, into: str, name: str) -> None:
    if name in PUBLISHED:
        connection.execute(
            f"create table {into}.{name} as from ({fact_sql(name)}) order by {PUBLISHED[name]}"
        )
    else:
        connection.execute(f"create or replace temp table {name} as {fact_sql(name)}")


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what was made for the building alone."""
    for name in ("told_deployment", "told_change", "told_touch"):
        connection.execute(f"drop view if exists temp.main.{name}")
    for name in FACTS:
        if name not in PUBLISHED:
            connection.execute(f"drop table if exists temp.main.{name}")


def invariants() -> tuple[str, ...]:
    """The names of all invariants."""
    return tuple(sorted(path.stem for path in (_FOLDER / "invariants").glob("*.sql")))


def invariant_sql(name: str) -> str:
    """The SELECT of the rows that must not exist."""
    return (_FOLDER / "invariants" / f"{name}.sql").read_text(encoding="utf-8")


def check_invariants(connection: duckdb.DuckDBPyConnection) -> None:
    """Runs every invariant over the facts just built.

    Raises:
        InvariantBroken: at the first that selects a row.
    """
    for name in invariants():
        broken = connection.execute(invariant_sql(name)).fetchall()
        if broken:
            raise InvariantBroken(
                f"invariant `{name}` does not hold for {len(broken)} rows, first {broken[0]!r}",
                "new snapshot",
                "the last snapshot stays current; please report this with `cairn doctor`",
            )


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
        "as_of": max((m["complete_until"] or m["read_at"] for m in marks), default=_EPOCH),
        "sources": marks,
        "rows": _counts(connection, into),
        "facts": definitions(),
        "configuration": configuration.sha256,
        "organisation": configuration.organisation.name,
    }


_EPOCH = "1970-01-01T00:00:00+00:00"


def _counts(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, int]:
    tables = connection.execute(
        "select table_name, estimated_size from duckdb_tables() where database_name = ? order by 1",
        [into],
    ).fetchall()
    return {
        name: connection.execute(f'select count(*) from {into}."{name}"').fetchall()[0][0]
        for name, _ in tables
    }
