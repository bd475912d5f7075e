"""One reading of a stream of files: inventories whole, results as they come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from connectors.files.cursor import Notice, Position, digest_of, notices_of
from connectors.files.file import Entry, File, NotUnderstood, Unread
from connectors.files.folder import Listing
from connectors.files.page import Meaning, write_page
from connectors.files.patterns import Patterns
from connectors.files.stream import FileStream, spread
from connectors.interface import Batch, Cursor, Reading
from data.model import GapReason

MAX_PAGE_BYTES = 16 << 20
"""Files that make more are spread over several pages."""


class Place(Protocol):
    """Where files are: a folder, or a commit."""

    @property
    def where(self) -> str:
        """Names it in errors."""

    def listing(self, wanted: Patterns, unwanted: Patterns) -> Listing:
        """The files that are wanted, by path."""

    def read(self, entries: Iterable[Entry], *, is_dated: bool) -> Iterator[File | Unread]:
        """Their contents, in order."""

    def known_until(self, entries: Sequence[Entry], now: datetime) -> datetime | None:
        """Up to when they say what happened."""


@dataclass(frozen=True, slots=True)
class FileReading(ABC):
    """A stream and its files as they are now."""

    stream: FileStream
    place: Place
    address: str
    meaning: Meaning
    listing: Listing
    all_files: Sequence[Entry]
    """Those of all streams."""
    known_until: datetime | None
    """Up to when the files say what happened; null where that is up to now, or not known."""
    progress: Callable[[int, int | None], None]

    @abstractmethod
    def items(self, cursor: Cursor | None) -> Iterator[Batch | Notice]:
        """What is new since the cursor, and what is missing now."""

    def _read(self, entries: Sequence[Entry], unread: list[Unread]) -> list[File]:
        """What is archived of files; adds those that cannot be read or understood to `unread`."""
        files = []
        for file in self.place.read(entries, is_dated=self.stream.is_dated):
            if isinstance(file, Unread):
                unread.append(file)
                continue
            try:
                files.append(replace(file, data=self.stream.kept(file.data, self.meaning)))
            except NotUnderstood as error:
                unread.append(Unread(file.path, GapReason.UNREADABLE, str(error), error.fix))
        return files


class InventoryReading(FileReading):
    """Reads all files as soon as one changed: what they say no more is gone."""

    def items(self, cursor: Cursor | None) -> Iterator[Batch | Notice]:
        """All pages, unless nothing changed; and what could not be read then."""
        digest = digest_of(self.listing.entries, str(self.known_until), str(self.meaning))
        known = Position.of(cursor)
        if known is None or known.digest != digest:
            known = Position(self.address, digest)
        if not known.is_read:
            unread = list(self.listing.unread)
            for position, page, is_last in self._pages(known, unread):
                known = position
                yield Batch(
                    write_page(self.meaning, page),
                    position.cursor(),
                    Reading.COMPLETE,
                    is_first=position.pages == 1,
                    is_last=is_last,
                    complete_until=self.known_until if is_last else None,
                )
        yield from known.notices

    def _pages(
        self, known: Position, unread: list[Unread]
    ) -> Iterator[tuple[Position, Sequence[File], bool]]:
        """Each page, the position after it, and whether it is the last of a whole reading."""
        pages = [page for page in self._shelved(unread) if page] or [[]]
        notices = notices_of(unread, is_inventory=True)
        is_whole = not any(each.is_passing for each in unread)
        for number, page in enumerate(pages, start=1):
            self.progress(number, len(pages))
            if number > known.pages:
                is_end = number == len(pages)
                position = replace(known, pages=number, is_read=is_end, notices=notices)
                yield position, page, is_end and is_whole

    def _shelved(self, unread: list[Unread]) -> Iterator[list[File]]:
        newest = self._newest()
        shelves: Mapping[str, list[Entry]] = defaultdict(list)
        for entry in self.listing.entries:
            if newest.get(entry.path, True):
                shelves[self.stream.page(entry.path)].append(entry)
        for _, entries in sorted(shelves.items()):
            yield from _cut(self._read(entries, unread))

    def _newest(self) -> Mapping[str, bool]:
        """Whether each file that is an edition of something is the newest of that."""
        edition_of = self.stream.edition
        if edition_of is None or len(self.listing.entries) < 2:
            return {}
        newest: dict[str, tuple[str, str]] = {}
        seen = []
        for file in self.place.read(self.listing.entries, is_dated=False):
            found = None if isinstance(file, Unread) else edition_of(file.data)
            if found:
                of, edition = found
                seen.append((of, file.path))
                newest[of] = max(newest.get(of, ("", "")), (edition, file.path))
        return {path: newest[of][1] == path for of, path in seen}


class ResultReading(FileReading):
    """Reads files that are new or changed: what they said stays."""

    def items(self, cursor: Cursor | None) -> Iterator[Batch | Notice]:
        """A page a file that changed; and what cannot be read now."""
        position = self._position(Position.of(cursor))
        shelves: Mapping[str, list[Entry]] = defaultdict(list)
        for entry in self.listing.entries:
            shelves[spread(entry.path)].append(entry)
        due = [
            (name, entries, digest)
            for name, entries in sorted(shelves.items())
            if position.shelves.get(name) != (digest := digest_of(entries, str(self.meaning)))
        ]
        unread = list(self.listing.unread)
        for number, (name, entries, digest) in enumerate(due, start=1):
            self.progress(number, len(due))
            before = len(unread)
            files = self._read(entries, unread)
            for file in files:
                is_end = file is files[-1]
                # A shelf with a file that could not be read is tried again.
                if is_end and len(unread) == before:
                    position = replace(position, shelves={**position.shelves, name: digest})
                yield Batch(
                    write_page(self.meaning, [file, *self._beside(file)]),
                    position.cursor(),
                    is_last=is_end and number == len(due),
                    complete_until=self.known_until if is_end and number == len(due) else None,
                )
        yield from notices_of(unread, is_inventory=False)
        yield from self._elsewhere(position)

    def _beside(self, file: File) -> Iterator[File]:
        name, keep = self.stream.beside, self.stream.kept_beside
        if name is None or keep is None:
            return
        above = PurePosixPath(file.path).parents
        by_path = {entry.path: entry for entry in self.all_files}
        wanted = [str(folder / name) for folder in above]
        found = [by_path[path] for path in wanted if path in by_path][:1]
        for other in self.place.read(found, is_dated=False):
            if isinstance(other, File):
                with suppress(NotUnderstood):
                    yield replace(other, data=keep(file.data, other.data))

    def _position(self, known: Position | None) -> Position:
        if known is None:
            return Position(self.address)
        if known.place == self.address:
            return known
        elsewhere = [place for place in known.elsewhere if place != self.address]
        return Position(self.address, elsewhere=[*elsewhere, known.place][-3:])

    def _elsewhere(self, position: Position) -> Iterator[Notice]:
        for place in position.elsewhere:
            what = f"its files were read at {place} before; what was read there stays"
            fix = "give it another name, if it is another source"
            yield Notice(f"elsewhere/{place}", GapReason.NOT_FOUND.value, what, fix)


def _cut(files: Sequence[File]) -> Iterator[list[File]]:
    page: list[File] = []
    size = 0
    for file in files:
        if page and size + len(file.data) > MAX_PAGE_BYTES:
            yield page
            page, size = [], 0
        page.append(file)
        size += len(file.data)
    yield page
