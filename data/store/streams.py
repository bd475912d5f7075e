"""The rows of `stream` and `sync_run`: how far each stream is read, and how each sync ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import duckdb

from data.store.page import Page
from data.store.run import Run

_KNOWN = """
merge into stream t
using told s
on t.source = s.source and t.stream = s.stream
when matched
    then update set
        cursor = coalesce(s.cursor, t.cursor),
        settings = s.settings,
        complete_from = case when s.cursor is null then t.complete_from else s.complete_from end,
        complete_until = case
            when coalesce(s.complete_until, t.complete_until) is not null
                then least(greatest(s.complete_until, t.complete_until), s.read_at)
        end,
        read_at = s.read_at
when not matched
    then insert (source, stream, cursor, settings, complete_until, complete_from, read_at)
    values (
        s.source,
        s.stream,
        s.cursor,
        s.settings,
        case when s.complete_until is not null then least(s.complete_until, s.read_at) end,
        s.complete_from,
        s.read_at
    )
"""

_MOVED = f"""
with told as (
    select
        $source as source,
        $stream as stream,
        cast($cursor as varchar) as cursor,
        $settings as settings,
        cast($until as timestamptz) as complete_until,
        cast($since as timestamptz) as complete_from,
        cast($at as timestamptz) as read_at
)
{_KNOWN}
"""

_READ = f"""
with read as (
    select
        unnest($streams) as stream,
        unnest(cast($at as timestamptz[])) as read_at
),
told as (
    select
        $source as source,
        stream,
        cast(null as varchar) as cursor,
        $settings as settings,
        case when $is_live then read_at end as complete_until,
        cast(null as timestamptz) as complete_from,
        read_at
    from read
)
{_KNOWN}
"""


def move_cursor(connection: duckdb.DuckDBPyConnection, page: Page) -> None:
    """Notes where a stream goes on after a page."""
    cursor = json.dumps(page.cursor, sort_keys=True)
    known = {"source": page.source, "stream": page.stream, "settings": page.settings}
    times = {"until": page.complete_until, "since": page.complete_from, "at": page.observed_at}
    connection.execute(_MOVED, {**known, **times, "cursor": cursor})


def note_run(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Adds a run, and notes what its streams tell of, and that they were read to their end."""
    marks = ", ".join("?" for _ in run.row)
    connection.execute(f"insert into sync_run values ({marks})", run.row)
    if run.offers:
        _note_offers(connection, run)
    read = {"streams": list(run.read_at), "at": list(run.read_at.values())}
    if run.read_at:
        known = {"source": run.source, "settings": run.settings, "is_live": run.is_live}
        connection.execute(_READ, {**known, **read})


def _note_offers(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    told = [(kind, entity) for kind, entities in run.offers.items() for entity in entities]
    connection.execute("delete from offer where source = ?", [run.source])
    connection.execute(
        "insert into offer select ?, unnest(?), unnest(?)",
        [run.source, [kind for kind, _ in told], [entity for _, entity in told]],
    )


def known_until(connection: duckdb.DuckDBPyConnection) -> datetime:
    """The time up to which the best-read stream is known; the epoch before any is read."""
    table = connection.sql(
        """
        select max(known_until) as latest
        from (
            select coalesce(max(complete_until), max(read_at)) as known_until
            from stream
            group by source
        ) source
        """
    ).to_arrow_table()
    latest: datetime | None = table["latest"][0].as_py()
    return latest or datetime.fromtimestamp(0, UTC)


def cursor_of(
    connection: duckdb.DuckDBPyConnection, source: str, stream: str, settings: str | None
) -> Any:
    """The cursor of a stream, or None if it was never read or, unless None, with other settings."""
    rows = connection.execute(
        """
        select cursor
        from stream
        where source = $source
          and stream = $stream
          and settings = coalesce($settings, settings)
        """,
        {"source": source, "stream": stream, "settings": settings},
    ).fetchall()
    return json.loads(rows[0][0]) if rows and rows[0][0] else None
