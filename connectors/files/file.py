"""One file as it was read, and why one could not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.model import GapReason

MAX_FILE_BYTES = 64 << 20
"""A larger file is not read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that is there, not read yet."""

    path: str
    """Below the folder or the repository; bytes that are no text are escaped."""
    signature: str
    """Changes when the content does, as far as that can be seen without reading it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file and its content."""

    path: str
    data: bytes
    sha: str | None = None
    """The commit that last changed it; null outside Git."""
    changed_at: datetime | None = None
    """When it was last changed; null if not known."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read. That is an answer, not an error."""

    path: str
    reason: GapReason
    what: str
    fix: str
    is_passing: bool = False
    """Whether its content was not seen at all, so that what it said before may still be true."""


class NotUnderstood(ValueError):
    """A file's content is not what its name promises; says why, in words for a gap."""

    def __init__(self, what: str, fix: str = "repair the file, or leave it out with `exclude`"):
        super().__init__(what)
        self.fix = fix
