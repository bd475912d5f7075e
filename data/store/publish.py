"""Publishing: a new read-only snapshot is built, checked, made durable, then pointed at.

Until `CURRENT` moves, readers see the snapshot before; whatever fails leaves it in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from data.durable import (
    file_hash,
    make_folder,
    sync_file,
    sync_folder,
    write_whole,
)
from data.errors import CairnError
from data.store.quoting import quoted
from data.store.refusal import StoreRefused, refusal
from data.store.retention import newest_name, retire
from data.store.stamp import stamp_after
from data.store.workspace import Workspace

Build = Callable[[duckdb.DuckDBPyConnection, str], dict[str, Any]]
"""Fills the attached, empty database of the given name and returns its part of the manifest.

Raises whatever error should stop the publishing.
"""


class PublishFailed(CairnError):
    """A snapshot could not be written. The one before is still current."""


def publish(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, build: Build, keep: int
) -> str:
    """Builds a snapshot from the working database and makes it current.

    Args:
        workspace: where it goes.
        connection: the open working database.
        build: fills the snapshot.
        keep: how many newest snapshots stay.

    Returns:
        The id of the new snapshot.

    Raises:
        PublishFailed: if the disk refuses; the snapshot before stays current.
        WorkingDamaged: if the working database cannot be read.
    """
    try:
        snapshot = _publish(workspace, connection, build)
    except (duckdb.Error, OSError) as error:
        told = refusal(error, workspace.snapshots)
        if isinstance(told, StoreRefused):
            fix = "mend that, then run `cairn sync`; the last snapshot stays current"
            raise PublishFailed(f"no snapshot was written: {told.what}", told.where, fix) from error
        if told is not None:
            raise told from error
        raise
    retire(workspace, keep)
    return snapshot


def _publish(workspace: Workspace, connection: duckdb.DuckDBPyConnection, build: Build) -> str:
    make_folder(workspace.snapshots)
    _sweep(workspace)
    part = workspace.snapshots / ".building.duckdb"
    try:
        manifest = _build(connection, part, build)
        return _install(workspace, part, manifest)
    finally:
        _sweep(workspace)


def _build(connection: duckdb.DuckDBPyConnection, part: Path, build: Build) -> dict[str, Any]:
    connection.execute(f"attach '{quoted(part)}' as building")
    try:
        manifest = build(connection, "building")
        connection.execute("checkpoint building")
        connection.execute("detach building")
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("detach building")
        raise
    return manifest


def _install(workspace: Workspace, part: Path, manifest: dict[str, Any]) -> str:
    """Moves a built file to its name, its manifest first, and points at it last."""
    now = datetime.now(UTC)
    digest = file_hash(part)
    snapshot = f"{stamp_after(newest_name(workspace), now)}-{digest[:8]}"
    path = workspace.snapshots / f"snapshot-{snapshot}.duckdb"
    document = {
        **manifest,
        "snapshot": snapshot,
        "published_at": now.isoformat(timespec="seconds"),
        "sha256": digest,
    }
    part.chmod(0o444)
    sync_file(part)
    write_whole(path.with_suffix(".json"), json.dumps(document, indent=1, sort_keys=True).encode())
    part.replace(path)
    sync_folder(workspace.snapshots)
    write_whole(workspace.current, f"{snapshot}\n".encode())
    return snapshot


def _sweep(workspace: Workspace) -> None:
    """Removes what this or a killed publishing left half done."""
    for folder, pattern in (
        (workspace.snapshots, ".building.duckdb*"),
        (workspace.snapshots, ".snapshot-*.part"),
        (workspace.store, ".CURRENT.*.part"),
    ):
        for leftover in folder.glob(pattern):
            leftover.unlink(missing_ok=True)
