"""The files of a plain folder. Nothing outside of it is read, and no loop is entered."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.files.file import MAX_FILE_BYTES, Entry, File, Unread
from connectors.files.patterns import Patterns
from connectors.interface import SourceUnavailable
from connectors.missing import as_text
from data.model import GapReason

_RIGHTS = "give the user that runs Cairn the right to read it"
_TOO_LARGE = f"it is larger than {MAX_FILE_BYTES >> 20} MiB"


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that patterns mean."""

    entries: Sequence[Entry]
    unread: Sequence[Unread]
    """Folders that could not be looked into."""


class Folder:
    """A folder as it is at this moment."""

    def __init__(self, path: Path) -> None:
        """Takes the folder.

        Raises:
            SourceUnavailable: if it is not there.
        """
        if not path.is_dir():
            raise SourceUnavailable("there is no such folder", str(path), "correct `path`")
        self._root = path
        self._names: dict[str, Path] = {}

    @property
    def where(self) -> str:
        """Names it in errors."""
        return str(self._root)

    def listing(self, wanted: Patterns, unwanted: Patterns) -> Listing:
        """The files that are wanted, by path. A link counts if it leads to a file in the folder."""
        unread: list[Unread] = []
        entries = []
        for path, found in self._walk(unread):
            if wanted.fit(path) and not unwanted.fit(path):
                entry = self._entry(path, found, unread)
                if entry:
                    entries.append(entry)
        return Listing(sorted(entries, key=lambda entry: entry.path), unread)

    def read(self, entries: Iterable[Entry], *, is_dated: bool) -> Iterator[File | Unread]:
        """Their contents, in order."""
        for entry in entries:
            try:
                yield self._read(entry, is_dated)
            except OSError as error:
                yield _refused(entry.path, error)

    def known_until(self, entries: Sequence[Entry], now: datetime) -> datetime | None:
        """When the newest of them was changed, but never later than now."""
        times = []
        for entry in entries:
            try:
                times.append(self._names[entry.path].stat().st_mtime)
            except OSError:  # gone since: whoever reads it will tell
                continue
        newest = _moment(max(times)) if times else None
        return min(newest, now) if newest else None

    def _walk(self, unread: list[Unread]) -> Iterator[tuple[str, Path]]:
        def refused(error: OSError) -> None:
            path = Path(os.fsdecode(error.filename))
            unread.append(_refused(self._path(path), error))

        for folder, folders, names in os.walk(self._root, onerror=refused):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(names):
                found = Path(folder, name)
                yield self._path(found), found

    def _path(self, found: Path) -> str:
        return as_text(found.relative_to(self._root).as_posix())

    def _entry(self, path: str, found: Path, unread: list[Unread]) -> Entry | None:
        try:
            if found.is_symlink() and not _is_inside(found, self._root):
                return None
            seen = found.stat()
        except (OSError, RuntimeError) as error:
            unread.append(_refused(path, error))
            return None
        if not stat.S_ISREG(seen.st_mode):
            return None
        self._names[path] = found
        return Entry(path, _signature(seen))

    def _read(self, entry: Entry, is_dated: bool) -> File | Unread:
        for _ in range(2):  # one that is replaced while it is read is read once more
            with self._names[entry.path].open("rb") as file:
                seen = os.fstat(file.fileno())
                if seen.st_size > MAX_FILE_BYTES:
                    return too_large(entry.path)
                data = file.read(MAX_FILE_BYTES + 1)
                now = os.fstat(file.fileno())
            if _signature(seen) == _signature(now) and len(data) == now.st_size:
                changed_at = _moment(now.st_mtime) if is_dated else None
                return File(entry.path, data, changed_at=changed_at)
        what, fix = "it changed while it was read", "nothing: it is read again"
        return Unread(entry.path, GapReason.UNREADABLE, what, fix, is_passing=True)


def too_large(path: str) -> Unread:
    """A file beyond the limit."""
    return Unread(path, GapReason.TRUNCATED, _TOO_LARGE, "leave it out with `exclude`")


def _is_inside(found: Path, root: Path) -> bool:
    return found.resolve(strict=True).is_relative_to(root.resolve())


def _refused(path: str, error: OSError | RuntimeError) -> Unread:
    if isinstance(error, PermissionError):
        what, fix = "it may not be read", _RIGHTS
        return Unread(path, GapReason.NO_PERMISSION, what, fix, is_passing=True)
    why = (error.strerror if isinstance(error, OSError) else None) or "it leads round in a circle"
    what, fix = f"it cannot be read ({why})", "mend it, or leave it out with `exclude`"
    return Unread(path, GapReason.UNREADABLE, what, fix, is_passing=True)


def _signature(seen: os.stat_result) -> str:
    said = f"{seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
