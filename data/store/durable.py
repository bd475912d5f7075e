"""Files that survive a crash: the old content or the new, never a part; and their hashes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write_whole(path: Path, content: bytes, part: Path | None = None) -> None:
    """Replaces a file's content atomically and waits until it is on the disk.

    Args:
        path: the file; its folder is made if need be.
        content: all of it.
        part: where it is written first, on the same file system; default: a hidden neighbour.
    """
    make_folder(path.parent)
    part = part or path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
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


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def quoted(path: Path) -> str:
    """A path as the inside of a SQL string, for the statements that take no parameter."""
    return str(path).replace("'", "''")
