"""Files that survive a crash: the old content or the new, never a part; and their hashes."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

USUAL, READABLE, PRIVATE = 0o666, 0o644, 0o600
"""Rights of a file: as the user's mask says, at most for others to read, or for its owner alone."""


def write_whole(path: Path, content: bytes, part: Path | None = None, *, mode: int = USUAL) -> None:
    """Replaces a file's content atomically and waits until it is on the disk.

    Args:
        path: the file; its folder is made if need be.
        content: all of it.
        part: where it is written first, on the same file system; default: a hidden neighbour.
        mode: rights of the file, from its first byte on.
    """
    make_folder(path.parent)
    part = part or path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
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


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, and waits until they are on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """Waits until a written file is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Waits until a folder's entries (a rename, a new file) are on the disk."""
    sync_file(folder)


def is_no_file(path: Path) -> bool:
    """Whether something else lies there than a file: whoever opens a pipe waits for ever."""
    return path.exists() and not path.is_file()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
