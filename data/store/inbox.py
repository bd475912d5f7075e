"""The inbox: events that were sent to the server, on the disk before they are answered.

Each source has a folder of numbered segments below the archive. A line of a segment is the CRC-32
of an event and the event, JSON on one line. Segments that were read to their end are compressed and
stay: whoever changes the settings of a source reads them again.

Several processes may write and read at a time: who writes holds the folder's lock until the disk
has it, and who reads looks under the lock how far there is something. A line that a kill or a full
disk cut off was never answered, and is left out.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import zstandard

from data.durable import make_folder, sync_folder, write_whole
from data.errors import CairnError
from data.store.segment import Segment
from data.store.workspace import Workspace

_SEGMENT_BYTES = 16 << 20
_LEVEL = 6
_PLAIN, _PACKED = ".jsonl", ".jsonl.zst"
_CHECKSUM = 9
"""Eight digits and a blank."""


class InboxDamaged(CairnError):
    """What was read of an inbox before is there no more."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Between two events: a segment, and a byte of it as it was before it was compressed."""

    segment: int
    byte: int


@dataclass(frozen=True, slots=True)
class Line:
    """One event, and where it ends."""

    text: bytes | None
    """Null if the disk did not keep what was written."""
    end: Place


def inbox_of(workspace: Workspace, source: str) -> Inbox:
    """The inbox of a source; nothing is made on the disk until something is kept."""
    return Inbox(workspace.archive / "inbox" / source)


class Inbox:
    """Keeps and reads the events of one source."""

    def __init__(self, folder: Path, segment_bytes: int = _SEGMENT_BYTES) -> None:
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._last: Segment | None = None
        self._packed_behind = 0
        """Bytes of the plain segments before the last, when they were last counted."""

    def keep(self, events: Sequence[bytes]) -> None:
        """Appends events; they are on the disk when it returns.

        Args:
            events: each on one line.

        Raises:
            OSError: if the disk says no; none of them is kept then.
        """
        content = b"".join(b"%08x %b\n" % (zlib.crc32(event), event) for event in events)
        if self._last is None:
            make_folder(self.folder)
        with self._locked(fcntl.LOCK_EX) as lock:
            last = self._last_segment(len(content), lock)
            try:
                last.extend(content)
            except OSError:
                self.close()
                raise

    def lines(self, start: Place | None) -> Iterator[Line]:
        """Yields the events behind a place, oldest first.

        Raises:
            InboxDamaged: if there is nothing at the place, or a segment cannot be read.
        """
        for number, size in self._readable(start):
            begin = start.byte if start and start.segment == number else 0
            content = self._content(number, size)
            if begin > len(content):
                raise self._damaged(f"segment {number} has not the {begin:,} bytes read before")
            end = begin
            while (newline := content.find(b"\n", end)) >= 0:
                text, end = content[end:newline], newline + 1
                yield Line(_checked(text), Place(number, end))

    def pack(self, until: Place) -> None:
        """Compresses the segments before that of a place."""
        with self._locked(fcntl.LOCK_SH):
            plain = sorted(self._numbers(_PLAIN))
        for number in plain[:-1]:
            if number < until.segment:
                content = self._path(number).read_bytes()
                write_whole(self._path(number, _PACKED), zstandard.compress(content, _LEVEL))
                self._path(number).unlink()

    @property
    def exists(self) -> bool:
        """Whether an event was ever kept."""
        return self.folder.is_dir()

    def waiting_bytes(self, limit: int) -> int:
        """Size of what is not compressed yet; counted anew only if it seems to reach the limit."""
        size = self._last.size if self._last else 0
        if self._last is None or self._packed_behind + size >= limit:
            sizes = {n: self._size(n) for n in self._numbers(_PLAIN)} if self.exists else {}
            size = sizes.pop(max(sizes), 0) if sizes else 0
            self._packed_behind = sum(sizes.values())
        return self._packed_behind + size

    def close(self) -> None:
        """Lets go of the segment that is written to."""
        if self._last is not None:
            self._last.close()
            self._last = None

    def _last_segment(self, more: int, lock: int) -> Segment:
        """The segment to write to: another one if it is full or its end was cut off.

        The size of the lock's file is the number of the newest one, for other processes to see.
        """
        newest = os.fstat(lock).st_size
        if self._last and not (self._last.is_unchanged and newest == self._last.number):
            self.close()
        last = self._last = self._last or self._newest()
        if last is None or (last.size and last.size + more > self._segment_bytes):
            number = max([0, *self._numbers(_PLAIN), *self._numbers(_PACKED)]) + 1
            self._packed_behind = sum(map(self._size, self._numbers(_PLAIN)))
            self.close()
            last = self._last = Segment(self._path(number), number)
            sync_folder(self.folder)
        if newest != last.number:
            os.ftruncate(lock, last.number)
        return last

    def _newest(self) -> Segment | None:
        """The newest segment, if it can be extended."""
        number = max([0, *self._numbers(_PLAIN), *self._numbers(_PACKED)])
        if not self._path(number).exists():
            return None
        segment = Segment(self._path(number), number)
        if segment.is_whole:
            return segment
        segment.close()
        return None

    def _readable(self, start: Place | None) -> list[tuple[int, int | None]]:
        """The segments from a place on, and how much of each is on the disk; null: all."""
        if not self.exists:
            if start is not None:
                raise self._damaged("the events that were read before are gone")
            return []
        with self._locked(fcntl.LOCK_SH):
            numbers = sorted({*self._numbers(_PLAIN), *self._numbers(_PACKED)})
            newest = self._size(numbers[-1]) if numbers else 0
        if start is not None and start.segment not in numbers:
            raise self._damaged(f"segment {start.segment}, read before, is gone")
        chosen = [number for number in numbers if start is None or number >= start.segment]
        return [(number, newest if number == numbers[-1] else None) for number in chosen]

    def _content(self, number: int, size: int | None) -> bytes:
        packed = self._path(number, _PACKED)
        try:
            if packed.exists():
                return zstandard.decompress(packed.read_bytes())
            with self._path(number).open("rb") as file:
                return file.read() if size is None else file.read(size)
        except (zstandard.ZstdError, MemoryError) as error:
            raise self._damaged(f"segment {number} cannot be read ({error})") from error

    def _numbers(self, suffix: str) -> list[int]:
        return [
            int(path.name.removesuffix(suffix))
            for path in self.folder.iterdir()
            if path.name.endswith(suffix) and path.name.removesuffix(suffix).isdecimal()
        ]

    def _size(self, number: int) -> int:
        with suppress(FileNotFoundError):  # compressed a moment ago
            return self._path(number).stat().st_size
        return 0

    def _path(self, number: int, suffix: str = _PLAIN) -> Path:
        return self.folder / f"{number:010}{suffix}"

    @contextmanager
    def _locked(self, how: int) -> Iterator[int]:
        """Holds the lock and yields its file."""
        file = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, how)
            yield file
        finally:
            os.close(file)

    def _damaged(self, what: str) -> InboxDamaged:
        fix = "restore the folder from a backup, or give the source another name to begin anew"
        return InboxDamaged(what, str(self.folder), fix)


def _checked(text: bytes) -> bytes | None:
    """The event of a line, if it is what was written."""
    event = text[_CHECKSUM:]
    return event if text[:_CHECKSUM] == b"%08x " % zlib.crc32(event) else None
