"""A source that is a Git host: streams of repositories, and streams of the organisation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from connectors.answers.fitting import fitted
from connectors.answers.page import read_page
from connectors.answers.understanding import understood
from connectors.api.checking import organisation_findings
from connectors.api.reader import OrganisationReader
from connectors.hosting.checking import repository_findings
from connectors.hosting.place import Place
from connectors.hosting.preview import previewed
from connectors.hosting.reader import Reader
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.http.errors import Refused
from connectors.interface import (
    Batch,
    Candidate,
    Connector,
    Cursor,
    Finding,
    Requests,
    Severity,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, Record

_PREVIEWED = 5
"""Repositories whose newest things are shown."""


class HostConnector(Connector):
    """Reads all repositories of an organisation, each for every kind of thing.

    The streams of a repository are called `kind:id` by the host's own id, so that they survive
    renaming and transfer; those of the organisation bear the name of their kind.
    """

    is_newest_first = True
    host: ClassVar[str]
    """The kind of host, with which the ids of its rows begin."""

    def __init__(self) -> None:
        self._places: Mapping[str, Place] = {}

    @abstractmethod
    def places(self) -> Sequence[Place]:
        """Lists the repositories to read, those that changed last first.

        Raises:
            SourceUnavailable: if they cannot be listed, or there are none.
        """

    @property
    @abstractmethod
    def organisation(self) -> str:
        """The organisation, group or account that is read."""

    @property
    @abstractmethod
    def api(self) -> SharedApi:
        """What asks the host."""

    @property
    @abstractmethod
    def tally(self) -> Tally:
        """Tells how far the reading has come."""

    @abstractmethod
    def make_readers(self) -> Sequence[Reader]:
        """Makes one reader a kind of stream, in the order in which they are read."""

    @abstractmethod
    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        """Makes the same for what is read once for all repositories."""

    def discover(self) -> Sequence[Stream]:
        """Lists the streams of each repository, then those of the organisation."""
        places = self.places()
        self._places = {place.id: place for place in places}
        streams = [
            *(_stream(reader, place) for place in places for reader in self._wanted(place)),
            *(Stream(r.kind, r.entities, r.needs) for r in self._wanted_of_organisation()),
        ]
        self.tally.expect(len(streams))
        return streams

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a stream; one that is refused is a gap."""
        kind, _, host_id = stream.name.partition(":")
        self.tally.begin()
        try:
            if host_id:
                items = self._readers[kind].pull(self._places[host_id], cursor)
            else:
                items = self._organisation_readers[kind].pull(cursor)
            yield from understood(items, stream.label)
        except Refused as refused:
            yield refused.gap(f"{self.host}:{self.source}", self.source, stream.name)
        self.tally.end(stream.label)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        header, answers = read_page(payload)
        kind, _, host_id = stream.partition(":")
        reader = self._readers[kind] if host_id else self._organisation_readers[kind]
        return list(fitted(reader.rows(header, answers)))

    def check(self) -> Sequence[Finding]:
        """Checks the address, the tokens, and what they may read of one repository."""
        return list(findings_of(self.source, self._findings()))

    def closes_at(self, stream: str, cursor: Cursor) -> datetime | None:
        """When the host begins to forget what happened since."""
        kind = stream.partition(":")[0]
        reader = self._readers.get(kind) or self._organisation_readers.get(kind)
        return reader.closes_at(cursor) if reader else None

    def preview(self, most: int) -> Iterator[Candidate]:
        """Looks at the repositories that changed last."""
        for place in self.places()[:_PREVIEWED]:
            yield from previewed(self._wanted(place), place, most)

    @property
    def requests(self) -> Requests:
        """What was asked of the host so far."""
        return self.api.requests

    def _findings(self) -> Iterator[Finding]:
        places = self.places()
        what = f"answers; {len(places)} repositories are read"
        yield Finding(Severity.OK, what, self.organisation)
        yield from repository_findings(self._wanted(places[0]), places[0])
        yield from organisation_findings(self._wanted_of_organisation(), self.organisation)

    def _wanted_of_organisation(self) -> list[OrganisationReader]:
        return [reader for reader in self._organisation_readers.values() if reader.is_wanted]

    def _wanted(self, place: Place) -> list[Reader]:
        return [reader for reader in self._readers.values() if reader.is_wanted(place)]

    @cached_property
    def _readers(self) -> Mapping[str, Reader]:
        return {reader.kind: reader for reader in self.make_readers()}

    @cached_property
    def _organisation_readers(self) -> Mapping[str, OrganisationReader]:
        return {reader.kind: reader for reader in self.make_organisation_readers()}


def _stream(reader: Reader, place: Place) -> Stream:
    title = f"{place.name} {reader.kind}"
    name = f"{reader.kind}:{place.id}"
    return Stream(name, reader.entities, reader.needs, title, reader.is_remembered)
