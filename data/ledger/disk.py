"""Files that survive a crash whole, and that only one process at a time writes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.ledger.refusal import LedgerRefused

_LOOK_SECONDS = 0.02
READABLE, PRIVATE = 0o644, 0o600


def write_whole(path: Path, content: bytes, mode: int = READABLE) -> None:
    """Replaces a file's content at once, and waits until it is on the disk.

    Nobody but its owner can read a private file at any moment.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Removes a file, if it is there, and waits until it is gone from the disk."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Waits until what a folder lists is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def held(path: Path, *, is_shared: bool, wait_seconds: float) -> Iterator[None]:
    """Holds a lock file: for oneself, or together with other readers.

    SQLite's own locks are gone once the process closes the database file anywhere, as hashing it
    does (sqlite.org/howtocorrupt.html, section 2.2): this lock is not.

    Raises:
        LedgerRefused: if others hold it for longer than is waited.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, READABLE)
    except OSError:
        if not is_shared:
            raise
        yield  # a copy that may only be read: nobody writes to it either
        return
    try:
        _lock(descriptor, path, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX, wait_seconds)
        yield
    finally:
        os.close(descriptor)


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
