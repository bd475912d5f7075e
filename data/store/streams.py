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
using (
    select
        $source as source,
        $stream as stream,
        cast($cursor as varchar) as cursor,
        $settings as settings,
        cast($until as timestamptz) as complete_until,
        cast($at as timestamptz) as read_at
) s
on t.source = s.source and t.stream = s.stream
when matched
    then update set
        cursor = coalesce(s.cursor, t.cursor),
        settings = s.settings,
        complete_until = case
            when coalesce(s.complete_until, t.complete_until) is not null
                then least(greatest(s.complete_until, t.complete_until), s.read_at)
        end,
        read_at = s.read_at
when not matched
    then insert (source, stream, cursor, settings, complete_until, read_at)
    values (s.source, s.stream, s.cursor, s.settings, s.complete_until, s.read_at)
"""


def move_cursor(connection: duckdb.DuckDBPyConnection, page: Page) -> None:
    """Notes where a stream goes on after a page."""
    until, at = page.complete_until, page.observed_at
    _know(
        connection,
        page.source,
        page.stream,
        page.settings,
        until,
        at,
        json.dumps(page.cursor, sort_keys=True),
    )


def note_run(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Adds a run, and notes that its streams were read to their end."""
    connection.execute("insert into sync_run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", run.row)
    for stream, read_at in run.read_at.items():
        until = read_at if run.is_live else None
        _know(connection, run.source, stream, run.settings, until, read_at)


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
    connection: duckdb.DuckDBPyConnection, source: str, stream: str, settings: str
) -> Any:
    """The cursor of a stream, or None if it was never read or its settings changed."""
    rows = connection.execute(
        "select cursor from stream where source = ? and stream = ? and settings = ?",
        [source, stream, settings],
    ).fetchall()
    return json.loads(rows[0][0]) if rows and rows[0][0] else None


def _know(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    stream: str,
    settings: str,
    until: datetime | None,
    at: datetime,
    cursor: str | None = None,
) -> None:
    known = {"source": source, "stream": stream, "settings": settings}
    connection.execute(_KNOWN, {**known, "until": until, "at": at, "cursor": cursor})
