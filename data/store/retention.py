"""Which snapshots stay: the newest, the current one and every pinned one."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from data.durable import write_whole
from data.errors import CairnError
from data.store.refusal import storing
from data.store.workspace import Workspace

SNAPSHOT_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")
"""What a snapshot is called: when it was published, and the first of its hash."""

_FILE = re.compile(rf"snapshot-({SNAPSHOT_ID.pattern})\.(duckdb|json)")


class NoSuchSnapshot(CairnError):
    """A snapshot was named that is not there."""


def published(workspace: Workspace) -> list[str]:
    """Ids of all complete snapshots, oldest first."""
    files = _files(workspace)
    return [i for i in sorted(files) if files[i] == {"json", "duckdb"}]


def newest_name(workspace: Workspace) -> str | None:
    """The newest id that any file has, be the snapshot complete or not."""
    return max(_files(workspace), default=None)


def pinned(workspace: Workspace) -> set[str]:
    """Ids of the snapshots that retention must keep."""
    if not workspace.pins.exists():
        return set()
    return set(workspace.pins.read_text(encoding="utf-8", errors="replace").split())


def pin(workspace: Workspace, snapshot: str) -> None:
    """Keeps a snapshot for ever.

    Raises:
        NoSuchSnapshot: if there is none of that id.
        StoreRefused: if that cannot be noted.
    """
    if snapshot not in published(workspace):
        raise no_such_snapshot(workspace, snapshot)
    with storing(workspace.store), _deciding(workspace):
        if snapshot not in published(workspace):
            raise no_such_snapshot(workspace, snapshot)
        _write_pins(workspace, pinned(workspace) | {snapshot})


def unpin(workspace: Workspace, snapshot: str) -> None:
    """Lets retention remove a snapshot again.

    Raises:
        StoreRefused: if that cannot be noted.
    """
    if snapshot in pinned(workspace):
        with storing(workspace.store), _deciding(workspace):
            _write_pins(workspace, pinned(workspace) - {snapshot})


def retire(workspace: Workspace, keep: int) -> list[str]:
    """Removes snapshots beyond the `keep` newest, except the current and the pinned ones.

    What a crash left of a snapshot goes when it is older than all that are kept as newest.

    Returns:
        The ids removed. Readers that have one open go on reading it.
    """
    with _deciding(workspace):
        newest = published(workspace)[-keep:]
        current = workspace.current.read_text(encoding="utf-8").strip()
        kept = {*newest, *pinned(workspace), current}
        gone = [i for i in sorted(_files(workspace)) if i not in kept and i < newest[0]]
        for snapshot in gone:
            for suffix in ("duckdb", "json"):
                file = workspace.snapshots / f"snapshot-{snapshot}.{suffix}"
                file.unlink(missing_ok=True)
        return gone


def no_such_snapshot(workspace: Workspace, snapshot: str) -> NoSuchSnapshot:
    """The error of a name that no snapshot has."""
    there = published(workspace)
    fix = f"the newest of the {len(there)} there is {there[-1]}" if there else "run `cairn sync`"
    return NoSuchSnapshot(f"there is no snapshot `{snapshot}`", str(workspace.snapshots), fix)


@contextmanager
def _deciding(workspace: Workspace) -> Iterator[None]:
    """One at a time: what is pinned is not removed meanwhile. Held for moments."""
    folder = os.open(workspace.snapshots, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _files(workspace: Workspace) -> dict[str, set[str]]:
    """The files there are of each snapshot, by suffix."""
    files: dict[str, set[str]] = {}
    for path in workspace.snapshots.glob("snapshot-*"):
        if found := _FILE.fullmatch(path.name):
            files.setdefault(found[1], set()).add(found[2])
    return files


def _write_pins(workspace: Workspace, pins: set[str]) -> None:
    write_whole(workspace.pins, "".join(f"{pin}\n" for pin in sorted(pins)).encode())
