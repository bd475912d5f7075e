"""What sources told since the last time, as events of the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from data.facts.dialect import forget, speak
from data.ledger.event import Event
from data.ledger.people import People
from data.store.quoting import quoted

_FOLDER = Path(__file__).parent
_AT_ONCE = 20_000
"""Rows that are held in memory at a time."""


def told_since(
    connection: duckdb.DuckDBPyConnection, snapshot: Path, since: datetime, people: People
) -> Iterator[Event]:
    """Yields what the working database was told since a time, in the order it was told.

    Args:
        connection: the open working database.
        snapshot: file of the snapshot that was published from it.
        since: the time, which is included: what is known already is passed over by the log.
        people: gives accounts their pseudonyms.
    """
    with _attached(connection, {"published": snapshot}):
        parts = "\nunion all by name\n".join(f"(\n{sql}\n)" for sql in _statements("events"))
        sql = f"from (\n{parts}\n) told\norder by observed_at, happened_at, kind, key"
        yield from _events(connection, sql, {"since": since}, people)


def changed_between(
    connection: duckdb.DuckDBPyConnection,
    snapshots: tuple[Path, Path],
    at: datetime,
    people: People,
) -> Iterator[Event]:
    """Yields what sources show otherwise in one snapshot than in the one before.

    Args:
        connection: a database that both are attached to meanwhile.
        snapshots: the one before, and the one after.
        at: until when the sources of the one after were read.
        people: gives accounts their pseudonyms.
    """
    before, after = snapshots
    with _attached(connection, {"previous": before, "published": after}):
        for told in _statements("differences"):
            sql = _DATED.format(told=told)
            yield from _events(connection, sql, {"at": at}, people, f"@{at.isoformat()}")


def _events(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: dict[str, object],
    people: People,
    suffix: str = "",
) -> Iterator[Event]:
    found = connection.sql(sql, params=parameters)
    for batch in found.to_arrow_reader(_AT_ONCE):
        yield from _named(batch.to_pylist(), people, suffix)


def _named(rows: list[dict[str, Any]], people: People, suffix: str) -> Iterable[Event]:
    """The rows as events: each account under its pseudonym."""
    accounts = {row[name] for row in rows for name in ("actor", "person") if row[name]}
    names = people.pseudonyms(accounts)
    for row in rows:
        person = names.get(row["person"] or "")
        part = f"/{person}" if person else ""
        yield Event(
            kind=row["kind"],
            id=f"{row['kind']}:{row['key']}{part}{suffix}",
            observed_at=row["observed_at"],
            happened_at=row["happened_at"],
            actor=names.get(row["actor"] or ""),
            subject=row["subject"],
            source=row["source"],
            before=row["before"],
            after=row["after"],
            url=row["url"],
            data={"title": row["title"], "team": row["team"], "person": person},
        )


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, snapshots: dict[str, Path]) -> Iterator[None]:
    speak(connection)
    try:
        for alias, path in snapshots.items():
            connection.execute(f"attach '{quoted(path)}' as {alias} (read_only)")
        yield
    finally:
        for alias in snapshots:
            with suppress(duckdb.Error):
                connection.execute(f"detach {alias}")
        forget(connection)


_DATED = """
-- One row is one difference, seen when the sources were read.
select
    d.*,
    $at as observed_at,
    null as happened_at,
    null as actor
from (
{told}
) d
order by kind, key, person
"""


@cache
def _statements(room: str) -> tuple[str, ...]:
    return tuple(
        path.read_text(encoding="utf-8").strip() for path in sorted((_FOLDER / room).glob("*.sql"))
    )
