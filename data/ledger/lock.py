"""One process at a time writes to a log, and nobody reads it meanwhile."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.ledger.refusal import LedgerRefused

_LOOK_SECONDS = 0.02
_RIGHTS = 0o644


@contextmanager
def held(path: Path, *, is_shared: bool, wait_seconds: float) -> Iterator[None]:
    """Holds a lock file: for oneself, or together with other readers.

    SQLite's own locks are gone once the process closes the database file anywhere, as hashing it
    does (sqlite.org/howtocorrupt.html, section 2.2): this lock is not.

    Raises:
        LedgerRefused: if others hold it for longer than is waited.
    """
    descriptor = _opened(path, is_shared=is_shared)
    if descriptor is None:
        yield  # a copy without a lock that may only be read: nobody writes to it either
        return
    try:
        _lock(descriptor, path, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX, wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path, *, is_shared: bool) -> int | None:
    """Whoever may only read waits for those who write all the same."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, _RIGHTS)
    except OSError:
        if not is_shared:
            raise
    try:
        return os.open(path, os.O_RDONLY)
    except OSError:
        return None


def _lock(descriptor: int, path: Path, kind: int, wait_seconds: float) -> None:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                what, fix = "another process is using the log", "try again when that has ended"
                raise LedgerRefused(what, str(path.parent), fix) from None
            time.sleep(_LOOK_SECONDS)
        else:
            return
