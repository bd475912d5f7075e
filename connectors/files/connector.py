"""A source that is files: found in a folder or in Git, archived, and mapped by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from connectors.credential import Credential
from connectors.files.clone import Clone
from connectors.files.folder import Folder, Listing
from connectors.files.naming import Naming
from connectors.files.page import Meaning, read_page
from connectors.files.patterns import Patterns
from connectors.files.reading import InventoryReading, Place, ResultReading
from connectors.files.settings import FileSettings
from connectors.files.stream import FileStream
from connectors.git.places import find_places
from connectors.git.remote import Remote
from connectors.git.repository import FolderRefused, GitRepository
from connectors.git.settings import Settings as GitSettings
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Severity,
    SourceUnavailable,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, Record


class FileConnector(Connector):
    """Reads files. A kind says which, and what they mean."""

    Settings: ClassVar[type[BaseModel]] = FileSettings
    kind: ClassVar[str]
    """What ids of rows begin with."""
    patterns: ClassVar[tuple[str, ...]]
    """Which files are read unless the settings say otherwise."""
    streams: ClassVar[tuple[FileStream, ...]]
    meant: ClassVar[frozenset[str]] = frozenset()
    """Settings that say how files are meant. Rows of a remembered stream depend on none of them."""
    is_kept_in_git: ClassVar[bool]
    """Whether people commit such files, so that a clone is read from Git and not from its disk."""

    def __init__(self, source: str, settings: FileSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._naming = Naming(self.kind, source)
        # What lies in a folder is all there is; when results stop coming, nobody can tell.
        self.is_live = settings.url is not None or (
            all(stream.is_inventory for stream in self.streams) and not self._is_git
        )

    @property
    def meaning(self) -> Meaning:
        """What the settings say about how files are meant: it is archived with them."""
        return self._settings.model_dump(mode="json", include=set(self.meant))

    def discover(self) -> Sequence[Stream]:
        """The streams that there are files for.

        Raises:
            SourceUnavailable: if the folder is not there, or none of its files is meant.
        """
        found = [each.stream for each in self.streams if self._entries(each).entries]
        if not found:
            fix = "run the tool first, or correct `path` or `patterns`"
            if self._is_git:
                fix += "; files that Git does not know need `from_git = false`"
            raise SourceUnavailable(
                f"there is no file that is meant ({', '.join(self._wanted)})",
                self._place.where,
                fix,
            )
        return found

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields pages of the files that changed, and then what could not be read.

        Raises:
            SourceUnavailable: if the folder or the repository cannot be read.
        """
        chosen = self._stream(stream.name)
        listing = self._entries(chosen)
        kind = InventoryReading if chosen.is_inventory else ResultReading
        reading = kind(
            stream=chosen,
            place=self._place,
            address=str(self._settings.url or self._settings.path),
            meaning=self.meaning,
            listing=listing,
            all_files=self._listing.entries,
            known_until=self._known_until(listing),
            progress=lambda done, total: self._context.progress(self.source, done, total),
        )
        for item in reading.items(cursor):
            yield item if isinstance(item, Batch) else item.gap(self._naming, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps the files of a page to rows, and to gaps where they cannot be understood."""
        meaning, files = read_page(payload)
        return self._naming.fitted(self._stream(stream).rows(self._naming, meaning, files))

    def check(self) -> Sequence[Finding]:
        """Tells how many files are found, and which of them cannot be read."""
        return list(findings_of(self.source, self._findings()))

    def _findings(self) -> Iterator[Finding]:
        for each in self.streams:
            listing = self._entries(each)
            severity = Severity.OK if listing.entries else Severity.WARNING
            fix = "" if listing.entries else "correct `patterns`, unless there is nothing to read"
            what = f"{each.name}: {len(listing.entries)} files"
            yield Finding(severity, what, self._place.where, fix)
            for unread in listing.unread:
                yield Finding(Severity.WARNING, unread.what, unread.path, unread.fix)
        if not self._is_git and self.is_kept_in_git and _is_in_clone(self._path):
            what = "it lies in a clone and is read from the disk, with changes nobody committed"
            fix = "let `path` name the clone, and `patterns` this folder"
            yield Finding(Severity.WARNING, what, str(self._path), fix)

    def _known_until(self, listing: Listing) -> datetime | None:
        now = self._context.clock()
        return None if self.is_live else self._place.known_until(listing.entries, now)

    def _stream(self, name: str) -> FileStream:
        return next(stream for stream in self.streams if stream.name == name)

    def _entries(self, stream: FileStream) -> Listing:
        listing = self._listing
        return Listing([each for each in listing.entries if stream.has(each.path)], listing.unread)

    @property
    def _wanted(self) -> Sequence[str]:
        return self._settings.patterns or self.patterns

    @cached_property
    def _listing(self) -> Listing:
        return self._place.listing(Patterns(self._wanted), Patterns(self._settings.exclude))

    @cached_property
    def _place(self) -> Place:
        if not self._is_git:
            return Folder(self._path)
        url = self._settings.url
        if url is not None:
            self._context.progress(f"{self.source}: fetching", 0, None)
            token = self._settings.token
            credential = Credential(token, self._context.folder) if token else None
            Remote(url, credential).mirror(self._path)
        return Clone(GitRepository(self._path, where=url or ""), self._settings.branch)

    @property
    def _is_git(self) -> bool:
        if self._settings.url is not None or self._settings.from_git:
            return True
        is_left_to_us = self._settings.from_git is None and self.is_kept_in_git
        return is_left_to_us and _is_repository(self._path)

    @cached_property
    def _path(self) -> Path:
        place = self._settings.model_dump(include={"path", "url"}, exclude_none=True)
        (path,) = find_places(
            self.source, GitSettings.model_validate(place), self._context
        ).values()
        return path


def _is_repository(path: Path) -> bool:
    try:
        GitRepository(path)
    except FolderRefused:
        return True  # for all we know: who opens it is told why that is refused
    except SourceUnavailable:
        return False
    return True


def _is_in_clone(path: Path) -> bool:
    return any((folder / ".git").exists() for folder in path.absolute().parents)
