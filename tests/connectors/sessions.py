"""Sessions that read the current snapshot, again and again, and check what they see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace

_PACE_SECONDS = 0.2
"""Between two readings of a session, so that twenty leave some of the machine to the sync."""


@dataclass
class Seen:
    """What one session saw."""

    ids: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def read_once(reader: SnapshotReader, seen: Seen) -> None:
    """Reads all tables of the current snapshot twice; both times they are as it was published."""
    started = time.perf_counter()
    with reader.reading() as opened:
        for _ in range(2):
            assert _counts(opened) == opened.manifest["rows"], "half a snapshot"
        seen.ids.append(opened.id)
    seen.seconds.append(time.perf_counter() - started)


def read_until(reader: SnapshotReader, is_over: Callable[[], bool]) -> Seen:
    """Reads until it is over, and once more."""
    seen = Seen()
    while not is_over():
        read_once(reader, seen)
        threading.Event().wait(_PACE_SECONDS)
    read_once(reader, seen)
    assert seen.ids == sorted(seen.ids), "a session went back in time"
    return seen


def read_in_threads(folder: str, sessions: int, reads: int) -> list[dict[str, Any]]:
    """Sessions of one process, each of which reads so many times."""

    def session(reader: SnapshotReader) -> Seen:
        left = iter(range(reads))
        return read_until(reader, lambda: next(left, None) is None)

    return _in_threads(folder, sessions, session)


def read_in_threads_until(folder: str, sessions: int, over: str) -> list[dict[str, Any]]:
    """Sessions of one process that read until a file is there."""
    return _in_threads(folder, sessions, lambda r: read_until(r, Path(over).exists))


def _in_threads(
    folder: str, sessions: int, session: Callable[[SnapshotReader], Seen]
) -> list[dict[str, Any]]:
    with (
        closing(SnapshotReader(Workspace(Path(folder)))) as reader,
        ThreadPoolExecutor(sessions) as threads,
    ):
        return [asdict(seen) for seen in threads.map(session, [reader] * sessions)]


def _counts(opened: Snapshot) -> dict[str, int]:
    counts = " union all ".join(
        f"select '{table}' as name, count(*) as n from \"{table}\""
        for table in opened.manifest["rows"]
    )
    return {row["name"]: row["n"] for row in opened.rows(counts)}
