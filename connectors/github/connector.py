"""The `github` source: an organisation on GitHub or on a server of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel

from connectors.github.asking import Asking
from connectors.github.changes import Changes
from connectors.github.credentials import QUESTION_BUCKET, clients_of
from connectors.github.deployments import Deployments
from connectors.github.history import History
from connectors.github.repositories import Repositories
from connectors.github.repository import About
from connectors.github.settings import Settings as GitHubSettings
from connectors.hosting.deployment_rule import DeploymentRules, DeploymentSource
from connectors.hosting.fitting import fitted
from connectors.hosting.page import read_page
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.http.errors import Refused
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Requests,
    Severity,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, Record


class GitHub(Connector):
    """Reads an organisation's repositories; each has a stream of each kind."""

    Settings: ClassVar[type[BaseModel]] = GitHubSettings
    is_newest_first = True

    def __init__(self, source: str, settings: GitHubSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._places: Mapping[str, Place] = {}

    def discover(self) -> Sequence[Stream]:
        """Lists the streams of the source and of each repository.

        Raises:
            SourceUnavailable: if the organisation cannot be read.
        """
        self._places = {place.id: place for place in self._repositories.places()}
        every = []
        for place in self._places.values():
            for reader in self._readers.values():
                if self._is_read(reader, place):
                    name, title = f"{reader.kind}:{place.id}", f"{place.name} {reader.kind}"
                    every.append(Stream(name, reader.entities, reader.needs, title))
        return every

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a stream; one that is refused is a gap."""
        kind, _, host_id = stream.name.partition(":")
        try:
            yield from self._readers[kind].pull(self._places[host_id], cursor)
        except Refused as refused:
            yield refused.gap(f"github:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        header, answers = read_page(payload)
        return list(fitted(self._readers[stream.partition(":")[0]].rows(header, answers)))

    def check(self) -> Sequence[Finding]:
        """Checks the address, the token and what it may read."""
        return list(findings_of(self.source, self._findings()))

    def _findings(self) -> Iterator[Finding]:
        places = self._repositories.places()
        what = f"answers with {len(places)} repositories"
        yield Finding(Severity.OK, what, self._asking.organisation)

    def _is_read(self, reader: Reader, place: Place) -> bool:
        sources = self._asking.rules.sources(place.name)
        return not isinstance(reader, Deployments) or DeploymentSource.DEPLOYMENTS in sources

    @cached_property
    def _asking(self) -> Asking:
        settings, context = self._settings, self._context
        organisation = settings.organisation or self.source
        api = SharedApi(
            settings.url, lambda: clients_of(settings, context, organisation), QUESTION_BUCKET
        )
        tally = Tally(self.source, context.clock, context.progress, lambda: api.remaining)
        rules = DeploymentRules(settings.deployments)
        return Asking(self.source, settings, context, api, rules, tally)

    @property
    def requests(self) -> Requests:
        """What was asked of GitHub so far."""
        return self._asking.api.requests

    @cached_property
    def _repositories(self) -> Repositories:
        return Repositories(self._asking)

    @cached_property
    def _readers(self) -> Mapping[str, Reader]:
        readers: Sequence[Reader] = (
            About(self._asking),
            Deployments(self._asking),
            Changes(self._asking),
            History(self._asking),
        )
        return {reader.kind: reader for reader in readers}
