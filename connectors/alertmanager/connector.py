"""The source `alertmanager`: what one server fires, from reading to reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import BaseModel

from connectors.alertmanager.alerts import Alerts
from connectors.alertmanager.settings import AlertmanagerSettings
from connectors.answers.fitting import fitted
from connectors.answers.page import read_page
from connectors.answers.understanding import understood
from connectors.api.source import ApiSource
from connectors.credential import Credential
from connectors.http.errors import Refused
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
from connectors.reaching import findings_of
from data.model import Gap, Record

KIND = "alertmanager"


class Alertmanager(Connector):
    """Reads one server."""

    Settings: ClassVar[type[BaseModel]] = AlertmanagerSettings

    def __init__(self, source: str, settings: AlertmanagerSettings, context: Context) -> None:
        self.source = source
        token = settings.token
        credential = Credential(token, context.folder, user=settings.user) if token else None
        http = Http(settings.url, Timing(context.clock, context.sleep), credential)
        self._api = ApiSource(KIND, source, http, context)
        self._alerts = Alerts(self._api)

    def discover(self) -> Sequence[Stream]:
        """The one stream there is; asks nothing."""
        needs = "to reach api/v2/alerts and api/v2/status"
        return (Stream("alerts", ("alert", "gap"), needs, is_remembered=True),)

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what changed since the last reading; a refusal is a gap."""
        try:
            items = self._alerts.pull(cursor or {})
            yield from understood(items, f"{self.source} {stream.name}")
        except Refused as refused:
            yield refused.gap(f"{KIND}:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002 - there is one
        """Maps one page."""
        header, answers = read_page(payload)
        return list(fitted(self._alerts.rows(header, answers)))

    def check(self) -> Sequence[Finding]:
        """Tells the version, and how many alerts fire."""
        return list(findings_of(self.source, self._findings()))

    @property
    def requests(self) -> Requests:
        """What was asked of the server so far."""
        usage = self._api.http.usage
        return Requests(usage.requests, usage.counted, None)

    def _findings(self) -> Iterator[Finding]:
        where = self._api.http.base_url
        version = self._alerts.status().version
        yield Finding(Severity.OK, f"answers as Alertmanager {version}", where)
        yield Finding(Severity.OK, f"{len(self._alerts.firing().json())} alerts fire", where)
