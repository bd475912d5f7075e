"""Which lines of bills stay: those of every snapshot, and for a while those that were replaced."""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb

from data.store.retention import published
from data.store.workspace import Workspace

REPLACED_STAY_DAYS = 35
"""A bill may hold again, if the one that replaced it is taken out within about a month."""
_DAY_SECONDS = 86_400


def loads_in(connection: duckdb.DuckDBPyConnection, into: str) -> list[str]:
    """The lines that a snapshot is made of, by their names in the store."""
    rows = connection.execute(
        f"select distinct load from {into}.bill_in_effect order by load"
    ).fetchall()
    return [load for (load,) in rows]


def retire_loads(workspace: Workspace) -> list[str]:
    """Removes lines that no snapshot is made of and that were read long ago.

    The caller holds the workspace's writer lock.

    Returns:
        The names of those removed.
    """
    if not workspace.bills.exists():
        return []
    kept = {load for snapshot in published(workspace) for load in _loads_of(workspace, snapshot)}
    before = time.time() - REPLACED_STAY_DAYS * _DAY_SECONDS
    gone = [
        path
        for path in sorted(workspace.bills.glob("*.parquet"))
        if path.stem not in kept and _is_older(path, before)
    ]
    for path in gone:
        path.unlink()
    return [path.stem for path in gone]


def _loads_of(workspace: Workspace, snapshot: str) -> list[str]:
    path = workspace.snapshots / f"snapshot-{snapshot}.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    loads: list[str] = manifest.get("bill_loads", [])
    return loads


def _is_older(path: Path, moment: float) -> bool:
    return path.stat().st_mtime < moment
