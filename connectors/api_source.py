"""A source that is one API with one credential: its session, its streams, the names of its rows."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from connectors.answers.fitting import fitted
from connectors.answers.page import Header, read_page
from connectors.answers.understanding import LATE, UNREADABLE, understood
from connectors.hosting.asking import row_id
from connectors.hosting.checking import organisation_findings
from connectors.hosting.reader import Items, OrganisationReader
from connectors.http.errors import Refused
from connectors.http.session import Http
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Json,
    Requests,
    Severity,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, GapReason, Record

_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class ApiSource:
    """What the streams of such a source ask with and name their rows by."""

    kind: str
    """What ids of rows begin with."""
    source: str
    http: Http
    context: Context

    def row_id(self, *path: str | int) -> str:
        """A readable id, such as `pagerduty:oncall#incident/PT4KHLK`."""
        return row_id(self.kind, self.source, *path)

    def gap(
        self,
        key: str,
        reason: GapReason,
        what: str,
        fix: str,
        count: int | None = None,
        during: tuple[datetime | None, datetime | None] = (None, None),
    ) -> Gap:
        """Something that is missing.

        Args:
            key: tells it from other gaps of the source.
            reason: why it is missing.
            what: what is missing.
            fix: what a reader can do.
            count: how many things; null if that is not known.
            during: start and end of the time it covers.
        """
        return Gap(
            id=self.row_id("gap", key, reason.value),
            source=self.source,
            reason=reason.value,
            what=what,
            fix=fix,
            count=count,
            since_at=during[0],
            until_at=during[1],
        )

    def filter_ignored(self, stream: str, names: str) -> Gap:
        """A filter of a list that the server acts as if it had not heard."""
        what = f"the server ignores {names} of the list of {stream}, and sends more than asked for"
        fix = "nothing is lost; a version of the server that knows it is read faster"
        return self.gap(f"{stream}/filter", GapReason.FILTER_IGNORED, what, fix)

    def mapped(
        self, what: str, items: Iterable[Json], map_item: Callable[[Json], Iterable[Record]]
    ) -> Iterator[Record]:
        """The rows of the items of a page, and a gap in place of each that is not understood.

        Args:
            what: what an item is; with its `id` it is the end of its row's id.
            items: as told.
            map_item: maps one of them.
        """
        told: set[str] = set()
        for number, item in enumerate(items, start=1):
            try:
                rows = list(map_item(item))
            except UNREADABLE as error:
                name = name_of(item)
                key = f"number {number}" if name is None or name in told else name
                told.add(key)
                yield self.unreadable(f"{what}/{key}", error)
            else:
                yield from rows

    def unreadable(self, key: str, error: Exception) -> Gap:
        """Something that is not what it should be; `key` is the end of its row's id."""
        told = " ".join(f"{key} cannot be read: {type(error).__name__} {error}".split())
        return Gap(
            id=self.row_id("gap", key, GapReason.UNREADABLE.value),
            source=self.source,
            reason=GapReason.UNREADABLE.value,
            what=told[:_LONGEST_KEY],
            fix=LATE,
            count=1,
            about=self.row_id(key),
        )

    def unsent(self, what: str, items: Iterable[Json], names: Iterable[str]) -> Iterator[Gap]:
        """A gap a field that may be null, but is still sent: where it is not, it was renamed."""
        told = [item for item in items if isinstance(item, dict)]
        for name in names:
            count = sum(name not in item for item in told)
            if count:
                said = f"{count} of {len(told)} of a page have no field {name!r}: {what}"
                key = f"{what}/field/{name}"
                yield self.gap(key, GapReason.UNREADABLE, said, LATE, count)


class ApiConnector(Connector):
    """Reads all streams of such a source."""

    kind: ClassVar[str]
    """Name of the kind of source."""

    def __init__(self, source: str, context: Context, http: Http) -> None:
        self.source = source
        self.api = ApiSource(self.kind, source, http, context)

    @abstractmethod
    def make_readers(self) -> Sequence[OrganisationReader]:
        """Makes one reader a stream, in the order in which they are read."""

    def discover(self) -> Sequence[Stream]:
        """Lists the streams; asks nothing."""
        return [
            Stream(
                reader.kind,
                reader.entities,
                reader.needs,
                is_remembered=reader.is_remembered,
            )
            for reader in self._readers.values()
            if reader.is_wanted
        ]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a stream; one that is refused is a gap."""
        try:
            items = self._readers[stream.name].pull(cursor)
            yield from understood(items, f"{self.source} {stream.name}")
        except Refused as refused:
            yield refused.gap(f"{self.kind}:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        header, answers = read_page(payload)
        return list(fitted(self._readers[stream].rows(header, answers)))

    def check(self) -> Sequence[Finding]:
        """Reads the first page of each stream, and stores nothing."""
        return list(findings_of(self.source, self._findings()))

    @property
    def requests(self) -> Requests:
        """What was asked of the source so far."""
        usage, windows = self.api.http.usage, self.api.http.budget.windows.values()
        left = [window.remaining for window in windows]
        return Requests(usage.requests, usage.counted, sum(left) if left else None)

    def _findings(self) -> Iterator[Finding]:
        wanted = [reader for reader in self._readers.values() if reader.is_wanted]
        yield Finding(Severity.OK, f"{len(wanted)} streams are read", self.api.http.base_url)
        lookers = (_Looking(r) if isinstance(r, ApiReader) else r for r in wanted)
        yield from organisation_findings(lookers, self.source)

    @cached_property
    def _readers(self) -> Mapping[str, OrganisationReader]:
        return {reader.kind: reader for reader in self.make_readers()}


class ApiReader(OrganisationReader):
    """Reads a stream that keeps something of its own, which a check must not touch."""

    @abstractmethod
    def look(self) -> None:
        """Asks for something that a reading asks for, and keeps nothing.

        Raises:
            HttpError: if there is no usable answer.
        """


class _Looking(OrganisationReader):
    """Looks where a reader would read."""

    def __init__(self, reader: ApiReader) -> None:
        self.kind = reader.kind  # type: ignore[misc]  # it speaks for this one
        self.needs = reader.needs  # type: ignore[misc]
        self._reader = reader

    def pull(self, cursor: Cursor | None) -> Items:  # noqa: ARG002 - it goes on nowhere
        """Looks, and yields nothing: what is refused is told with the right that it needs."""
        self._reader.look()
        yield from ()

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:  # noqa: ARG002
        """There are none."""
        return iter(())


def name_of(item: Json, *fields: str) -> str | None:
    """What an item is known by: the first of some fields (`id`) that is a name; null if none is."""
    told = item if isinstance(item, dict) else {}
    found = (told.get(field) for field in fields or ("id",))
    return next((str(each)[:_LONGEST_KEY] for each in found if _is_name(each)), None)


def _is_name(told: Json) -> bool:
    return isinstance(told, str | int) and not isinstance(told, bool) and told != ""


def text_of(item: Mapping[str, Json], name: str) -> str:
    """A field that must be a text or a whole number.

    Raises:
        KeyError: if there is none.
        ValueError: if it is something else, or empty.
    """
    if not _is_name(item[name]):
        raise ValueError(f"{name} is {item[name]!r}")
    return str(item[name])


def without(value: Json, names: Collection[str]) -> Json:
    """A JSON value without the fields of some names, wherever they stand."""
    if isinstance(value, list):
        return [without(each, names) for each in value]
    if isinstance(value, dict):
        return {name: without(of, names) for name, of in value.items() if name not in names}
    return value


def packed(value: Json) -> bytes:
    """A JSON value as it is archived where it is not the answer itself: the same each time."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
