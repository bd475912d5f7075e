"""Which snapshot is current, and whether a snapshot is what was published."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from data.durable import file_hash
from data.errors import CairnError
from data.store.refusal import refused
from data.store.retention import SNAPSHOT_ID, published
from data.store.workspace import Workspace


class NothingPublished(CairnError):
    """There is no snapshot to read yet."""


class SnapshotDamaged(CairnError):
    """A snapshot's file is missing or is not what was published."""


def current_id(workspace: Workspace) -> str:
    """The id that `CURRENT` names.

    Raises:
        NothingPublished: if there is no `CURRENT`; says whether snapshots exist all the same.
        SnapshotDamaged: if it names nothing that could be a snapshot.
        StoreRefused: if it may not be read.
    """
    try:
        snapshot = workspace.current.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError as error:
        raise _nothing_published(workspace) from error
    except OSError as error:
        raise refused(error.strerror or "unreadable", str(workspace.current)) from error
    if not SNAPSHOT_ID.fullmatch(snapshot):
        raise SnapshotDamaged("the pointer names no snapshot", str(workspace.current), _ANEW)
    return snapshot


def snapshot_path(workspace: Workspace, snapshot: str) -> Path:
    """The file of a snapshot."""
    return workspace.snapshots / f"snapshot-{snapshot}.duckdb"


def verified_manifest(path: Path) -> dict[str, Any]:
    """Reads the manifest beside a snapshot's file and checks the file against it.

    Raises:
        SnapshotDamaged: if either is missing, or the bytes are not those published.
        StoreRefused: if either may not be read.
    """
    try:
        manifest = json.loads(path.with_suffix(".json").read_bytes())
        digest = file_hash(path)
    except FileNotFoundError as error:
        raise snapshot_damaged(path, f"{Path(error.filename).name} is missing") from error
    except OSError as error:
        raise refused(error.strerror or "unreadable", str(error.filename or path)) from error
    except ValueError as error:
        raise snapshot_damaged(path, "its manifest cannot be read") from error
    if not isinstance(manifest, dict) or f"snapshot-{manifest.get('snapshot')}" != path.stem:
        raise snapshot_damaged(path, "its manifest is not that of this snapshot")
    if digest != manifest.get("sha256"):
        raise snapshot_damaged(path, "its bytes are not those that were published")
    try:
        datetime.fromisoformat(manifest["as_of"])
    except (LookupError, TypeError, ValueError) as error:
        raise snapshot_damaged(
            path, "its manifest does not say until when it is complete"
        ) from error
    return manifest


def snapshot_damaged(path: Path, what: str) -> SnapshotDamaged:
    """The error of a snapshot that must not be answered from."""
    return SnapshotDamaged(f"the snapshot is damaged: {what}", str(path), _ANEW)


_ANEW = "run `cairn sync` to publish it anew from the working database"


def _nothing_published(workspace: Workspace) -> NothingPublished:
    snapshots = published(workspace)
    if not snapshots:
        return NothingPublished(
            "nothing has been published here yet",
            str(workspace.folder),
            "run `cairn sync`, or `cairn demo` for the demo organisation",
        )
    return NothingPublished(
        f"the pointer is missing, though snapshot {snapshots[-1]} and "
        f"{len(snapshots) - 1} older are there",
        str(workspace.current),
        "run `cairn sync` to publish anew; nothing else is lost",
    )
