"""Questions about a stretch of days: their condition, their parameters, and the asking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

import pyarrow as pa

from data.metrics.scope import Scope
from data.period import Window
from data.store.snapshot import Snapshot


def within(alias: str) -> str:
    """The SQL condition that a row lies in the window, using the names of `days`."""
    return f"{alias}.local_at >= $first and {alias}.local_at < $after"


def days(window: Window) -> dict[str, object]:
    """The values that `within` refers to."""
    return {
        "first": datetime.combine(window.start, time()),
        "after": datetime.combine(window.end, time()),
    }


def asked(
    snapshot: Snapshot,
    sql: str,
    scope: Scope,
    window: Window,
    more: Mapping[str, object] | None = None,
) -> pa.Table:
    """The rows of a statement of a scope and a window, with further parameters if it has any."""
    told = {name: value for name, value in scope.parameters().items() if f"${name}" in sql}
    return snapshot.query(sql, {**told, **days(window), **(more or {})})
