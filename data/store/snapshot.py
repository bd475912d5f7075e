"""Hands out published snapshots to many readers at once, while new ones appear.

A reader keeps the snapshot it began with; the last one out closes an outdated one. A new
`CURRENT` is checked and opened while readers go on with the snapshot before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from data.store.hub import Hub, Parameters, Snapshot
from data.store.manifest import (
    NothingPublished,
    SnapshotDamaged,
    current_id,
    verified_manifest,
)
from data.store.retention import NoSuchSnapshot, no_such_snapshot, published
from data.store.workspace import Workspace

__all__ = [
    "NoSuchSnapshot",
    "NothingPublished",
    "Parameters",
    "Snapshot",
    "SnapshotDamaged",
    "SnapshotReader",
    "current_id",
    "verified_manifest",
]

_PATIENCE_SECONDS = 0.2
"""How long a reader that could have the snapshot before waits for a new one."""


@dataclass(slots=True, eq=False)
class _Held:
    """A snapshot that is open or being opened, and how many readers hold it."""

    opening: Future[Snapshot]
    readers: int = 0


class SnapshotReader:
    """Hands out snapshots of one workspace to any number of threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._hub = Hub(workspace)
        self._openers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="snapshot")
        # Guards the three below; never held while a file is read or a statement runs.
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._named: str | None = None
        self._shown: str | None = None

    @contextmanager
    def reading(self, snapshot: str | None = None) -> Iterator[Snapshot]:
        """Opens the current snapshot, or the one named, for as long as the block runs.

        A reader that would have to wait until a new snapshot is checked gets the one before.

        Raises:
            NothingPublished: if there is no snapshot yet, or `CURRENT` is missing.
            NoSuchSnapshot: if there is none of the name.
            SnapshotDamaged: if the file is gone or its bytes changed.
            StoreRefused: if the file may not be read.
        """
        held = self._hold_current() if snapshot is None else self._hold_named(snapshot)
        try:
            yield held.opening.result()
        finally:
            self._release(held)

    def close(self) -> None:
        """Closes everything. Nobody may be reading any more."""
        self._openers.shutdown()
        self._hub.close()

    def _hold_named(self, snapshot: str) -> _Held:
        if snapshot not in published(self._workspace):
            raise no_such_snapshot(self._workspace, snapshot)
        return self._first_of(self._begin(snapshot), None)

    def _hold_current(self) -> _Held:
        while True:
            wanted = current_id(self._workspace)
            with self._lock:
                self._named, shown = wanted, self._shown
            before = self._begin(shown) if shown not in (None, wanted) else None
            try:
                held = self._first_of(self._begin(wanted), before)
            except SnapshotDamaged:
                # Retention may have removed it since the pointer was read.
                if current_id(self._workspace) == wanted:
                    raise
                continue
            with self._lock:
                if held is not before:
                    self._shown = wanted
            return held

    def _first_of(self, held: _Held, before: _Held | None) -> _Held:
        """The first of two that is open, given time; the other is released."""
        try:
            held.opening.result(None if before is None else _PATIENCE_SECONDS)
        except TimeoutError:
            self._release(held)
            if before is None:
                raise
            return before
        except BaseException:
            self._release(held)
            if before is not None:
                self._release(before)
            raise
        if before is not None:
            self._release(before)
        return held

    def _begin(self, snapshot: str) -> _Held:
        """Holds a snapshot that is open, being opened, or beginning to be opened now."""
        with self._lock:
            held = self._held.get(snapshot)
            if held is None:
                held = _Held(self._openers.submit(self._hub.open, snapshot))
                self._held[snapshot] = held
            held.readers += 1
            return held

    def _release(self, held: _Held) -> None:
        with self._lock:
            held.readers -= 1
            outdated = [name for name in self._held if self._is_outdated(name)]
            gone = [self._held.pop(name).opening for name in outdated]
        for opening in gone:
            if opening.exception() is None:
                self._hub.detach(opening.result())

    def _is_outdated(self, snapshot: str) -> bool:
        held = self._held[snapshot]
        if held.readers or not held.opening.done():
            return False
        return snapshot not in (self._named, self._shown) or held.opening.exception() is not None
