"""Small snapshots, made without facts."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from data.store import publish as publishing
from data.store.publish import publish
from data.store.working import Working
from data.store.workspace import Workspace


class Clock(datetime):
    """A clock that stands where a test put it."""

    at = datetime(2026, 11, 21, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return cls.at


def stop_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """Puts the clock of publishing at a moment."""
    monkeypatch.setattr(Clock, "at", at)
    monkeypatch.setattr(publishing, "datetime", Clock)


def publish_number(workspace: Workspace, number: int, keep: int = 5) -> str:
    """Publishes a snapshot whose two tables hold one number 1,000 times, beside noise."""

    def build(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, Any]:
        for table in ("early", "late"):
            connection.execute(
                f"create table {into}.{table} as "
                f"select {number} as number, md5(range::varchar) as noise from range(1000)"
            )
        return {"as_of": "2026-11-21T12:00:00+00:00", "number": number}

    with closing(Working(workspace.working)) as working:
        return publish(workspace, working.connection, build, keep)
