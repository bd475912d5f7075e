"""The log: all that ever changed the working database, in order, one JSON line an event.

An event is on the disk before it is applied, and the working database knows up to which byte of
the log it has come: what a crash left unapplied is applied by the next sync.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from data.durable import make_folder, sync_folder
from data.errors import CairnError

_BLOCK_BYTES = 65_536


class ArchiveDamaged(CairnError):
    """A page or the log of the archive is missing or is not what was written."""


class EventType(StrEnum):
    """What a line of the log tells."""

    PAGE = "page"
    """A page was read: its hash, what it means for the rows before, where the stream goes on."""

    GAPS = "gaps"
    """What a stream as a whole lacks; replaces, or adds to, what it lacked before."""

    RESET = "reset"
    """All rows of the source go: it was removed, or its settings changed."""

    RUN = "run"
    """A source was read: how it ended, and which streams were read to their end."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. `detail` is JSON-able and differs by type."""

    type: EventType
    source: str
    stream: str
    happened_at: datetime
    detail: dict[str, Any]


class Log:
    """Reads and extends the log in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever logged here."""
        return not self._path.exists() or not self._path.stat().st_size

    def events(self, start: int = 0) -> Iterator[tuple[int, Event]]:
        """Yields the events from byte `start` on, each with the byte at which it ends.

        A last line that a crash cut off was never applied, and is left out.

        Raises:
            ArchiveDamaged: if a line cannot be read, or the log ends before `start`.
        """
        if not start and not self._path.exists():
            return
        try:
            with self._path.open("rb") as file:
                self._seek(file, start)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    start += len(line)
                    yield start, self._event(line, start)
        except FileNotFoundError as error:
            raise self._damaged("the log of the archive is missing") from error

    def writer(self, sync: str) -> LogWriter:
        """Opens the log to extend it; `sync` is noted in every line."""
        return LogWriter(self._path, sync)

    def _seek(self, file: BinaryIO, start: int) -> None:
        """Goes to the end of an event."""
        if not start:
            return
        file.seek(start - 1)
        if file.read(1) != b"\n":
            raise self._damaged(f"it has not the {start:,} bytes that were read from it before")

    def _event(self, line: bytes, end: int) -> Event:
        try:
            fields = json.loads(line)
            fields.pop("sync", None)
            happened_at = datetime.fromisoformat(fields.pop("happened_at"))
            return Event(EventType(fields.pop("type")), happened_at=happened_at, **fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(f"the line that ends at byte {end:,} is unreadable") from error

    def _damaged(self, what: str) -> ArchiveDamaged:
        fix = (
            "restore the file from a backup; without one, move it and working.duckdb away and run "
            "`cairn sync` to read all sources anew"
        )
        return ArchiveDamaged(what, str(self._path), fix)


class LogWriter:
    """Appends events to the log; each is on the disk before `append` returns."""

    def __init__(self, path: Path, sync: str) -> None:
        self._path = path
        self._sync = sync
        self._file: BinaryIO | None = None

    def append(self, event: Event) -> int:
        """Writes one event and returns the byte at which it ends.

        Raises:
            ValueError, TypeError: if JSON or Unicode cannot tell it; nothing is written then.
        """
        fields = {**asdict(event), "happened_at": event.happened_at.isoformat(), "sync": self._sync}
        line = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        if self._file is None:
            self._file = _opened(self._path)
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Closes the file, if anything was written."""
        if self._file is not None:
            self._file.close()


def _opened(path: Path) -> BinaryIO:
    """The file, ready to be extended: a line that a crash cut off is taken away."""
    make_folder(path.parent)
    file = path.open("ab+")
    sync_folder(path.parent)
    file.truncate(_end_of_last_line(file))
    file.seek(0, os.SEEK_END)
    return file


def _end_of_last_line(file: BinaryIO) -> int:
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _BLOCK_BYTES)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
