"""The archive: every raw page a source ever gave, and the log of what was read when.

Pages are zstd-compressed and named by the SHA-256 of their raw bytes. Applying the log in order
gives the canonical rows again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from data.durable import write_whole
from data.store.log import ArchiveDamaged, Event, EventType, Log, LogWriter

__all__ = ["Archive", "ArchiveDamaged", "Event", "EventType", "LogWriter"]

_LEVEL = 6


class Archive:
    """Reads and writes the archive below one folder."""

    def __init__(self, folder: Path) -> None:
        self._objects = folder / "objects"
        self.log = Log(folder / "log.jsonl")

    def put(self, payload: bytes) -> str:
        """Keeps a page for ever and returns its SHA-256.

        The same page is kept once; one that was damaged meanwhile is mended.
        """
        digest = hashlib.sha256(payload).hexdigest()
        if not self._has(digest):
            # Only the one writer puts pages: what a kill leaves half written is written over.
            part = self._objects / "page.part"
            write_whole(self._path(digest), zstandard.compress(payload, _LEVEL), part)
        return digest

    def get(self, digest: str) -> bytes:
        """Reads a page back and checks it.

        Raises:
            ArchiveDamaged: if it is missing, cannot be read, or its bytes are not what was
                written.
        """
        path = self._path(digest)
        try:
            payload = zstandard.decompress(path.read_bytes())
        except FileNotFoundError as error:
            raise _damaged(path, "an archived page is missing") from error
        except OSError as error:
            why = error.strerror or type(error).__name__
            what = f"an archived page cannot be read ({why})"
            fix = "let who runs Cairn read it, or put it back from a backup"
            raise ArchiveDamaged(what, str(path), fix) from error
        except (zstandard.ZstdError, MemoryError) as error:
            raise _damaged(path, f"an archived page is damaged ({error})") from error
        if hashlib.sha256(payload).hexdigest() != digest:
            raise _damaged(path, "an archived page does not match its hash")
        return payload

    def events(self) -> Iterator[Event]:
        """Yields all logged events, oldest first."""
        return (event for _, event in self.log.events())

    def writer(self, sync: str) -> LogWriter:
        """Opens the log to extend it."""
        return self.log.writer(sync)

    def _has(self, digest: str) -> bool:
        try:
            self.get(digest)
        except ArchiveDamaged:
            return False
        return True

    def _path(self, digest: str) -> Path:
        return self._objects / digest[:2] / f"{digest[2:]}.zst"


def _damaged(path: Path, what: str) -> ArchiveDamaged:
    return ArchiveDamaged(
        what,
        str(path),
        "restore it from a backup; without one, take its source out of cairn.toml, run "
        "`cairn rebuild`, put the source back and run `cairn sync` to read it anew",
    )
