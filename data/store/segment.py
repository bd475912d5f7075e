"""The file of an inbox that is written to."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


class Segment:
    """A file that only grows, by whole events that are on the disk when it returns."""

    def __init__(self, path: Path, number: int) -> None:
        """Opens the file, or makes it; `number` is its place among the segments."""
        self.number = number
        self._descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        self.size = os.fstat(self._descriptor).st_size

    @property
    def is_whole(self) -> bool:
        """Whether it ends with the end of an event."""
        return not self.size or os.pread(self._descriptor, 1, self.size - 1) == b"\n"

    @property
    def is_unchanged(self) -> bool:
        """Whether it is there, and nobody else wrote to it."""
        found = os.fstat(self._descriptor)
        return found.st_nlink > 0 and found.st_size == self.size

    def extend(self, content: bytes) -> None:
        """Appends, and waits for the disk; takes back what it does not get through."""
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(content)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)
