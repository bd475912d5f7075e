"""The source `prometheus`: alerts, objectives and utilisation of one server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel

from connectors.answers.fitting import fitted
from connectors.answers.page import read_page
from connectors.answers.understanding import understood
from connectors.api.source import ApiSource
from connectors.credential import Credential
from connectors.http.errors import Forbidden, HttpError, NotFound, Refused
from connectors.http.retry import Timing
from connectors.http.session import Http
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
from connectors.prometheus.alerts import Alerts
from connectors.prometheus.indicators import Indicators, Measured
from connectors.prometheus.reader import PrometheusReader, at
from connectors.prometheus.server import Server
from connectors.prometheus.settings import PrometheusSettings
from connectors.reaching import findings_of
from data.model import Gap, Record

KIND = "prometheus"


class Prometheus(Connector):
    """Reads one server."""

    Settings: ClassVar[type[BaseModel]] = PrometheusSettings

    def __init__(self, source: str, settings: PrometheusSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        token = settings.token
        credential = Credential(token, context.folder, user=settings.user) if token else None
        http = Http(settings.url, Timing(context.clock, context.sleep), credential)
        self._api = ApiSource(KIND, source, http, context)
        self._server = Server(http, settings.heartbeat, settings.history_days)

    def discover(self) -> Sequence[Stream]:
        """Alerts, and a stream for each thing that is measured; asks nothing."""
        return [reader.stream for reader in self._readers.values()]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a stream; one that is refused is a gap."""
        try:
            items = self._readers[stream.name].pull(cursor or {})
            yield from understood(items, f"{self.source} {stream.name}")
        except Refused as refused:
            yield refused.gap(f"{KIND}:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        header, answers = read_page(payload)
        return list(fitted(self._readers[stream].rows(header, answers)))

    def closes_at(self, stream: str, cursor: Cursor) -> datetime | None:  # noqa: ARG002 - of all
        """When the server begins to forget what happened since; null if it does not say."""
        seconds = cursor.get("retention_seconds")
        return None if seconds is None else at(cursor["until"]) + timedelta(seconds=seconds)

    def check(self) -> Sequence[Finding]:
        """Tells the version, and tries the queries of each stream."""
        return list(findings_of(self.source, self._findings()))

    @property
    def requests(self) -> Requests:
        """What was asked of the server so far."""
        usage = self._api.http.usage
        return Requests(usage.requests, usage.counted, None)

    @cached_property
    def _readers(self) -> Mapping[str, PrometheusReader]:
        own = (self._api, self._server, self._settings)
        measured: Sequence[Measured] = (
            *self._settings.objective,
            *self._settings.utilisation,
            *self._settings.requests,
            *self._settings.tokens,
        )
        readers = [Alerts(*own), *(Indicators(*own, each) for each in measured)]
        return {reader.stream.name: reader for reader in readers}

    def _findings(self) -> Iterator[Finding]:
        yield self._version()
        for reader in self._readers.values():
            yield self._tried(reader)

    def _version(self) -> Finding:
        """What the server calls its version: no stream asks, so a proxy may keep that to itself."""
        where = self._api.http.base_url
        try:
            return Finding(Severity.OK, f"answers as Prometheus {self._server.version()}", where)
        except (Forbidden, NotFound):
            return Finding(Severity.OK, "does not tell its version", where)

    def _tried(self, reader: PrometheusReader) -> Finding:
        """What the first page of a stream shows, or the gap or error that is told instead."""
        where = f"{self.source} {reader.stream.name}"
        try:
            for item in understood(reader.pull({}), where):
                if isinstance(item, Gap):
                    return Finding(Severity.WARNING, item.what, where, item.fix)
                if not item.cursor.get("is_empty"):
                    return Finding(Severity.OK, f"readable ({reader.stream.needs})", where)
        except HttpError as error:
            is_refusal = isinstance(error, Refused)
            severity = Severity.WARNING if is_refusal else Severity.ERROR
            fix = f"{error.fix} (asked: {error.where})" if is_refusal else error.fix
            return Finding(severity, error.what, where, fix)
        return Finding(Severity.OK, "readable, and there is nothing", where)
