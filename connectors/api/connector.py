"""The connector of a source that is one API with one credential: its session, its streams."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from connectors.answers.fitting import fitted
from connectors.answers.page import Header, read_page
from connectors.answers.understanding import understood
from connectors.api.checking import organisation_findings
from connectors.api.reader import Items, OrganisationReader
from connectors.api.source import ApiSource
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
from data.model import Gap, Record


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
