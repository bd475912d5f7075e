"""A source that is a PagerDuty account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from connectors.api.connector import ApiConnector
from connectors.api.reader import OrganisationReader
from connectors.credential import Credential
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Context
from connectors.pagerduty.incidents import Incidents
from connectors.pagerduty.settings import Settings as PagerDutySettings

_VERSION = "application/vnd.pagerduty+json;version=2"


@dataclass(frozen=True, slots=True)
class _Key(Credential):
    """A REST API key, which is sent in a form of its own."""

    def _header_value(self, token: str) -> str:
        return f"Token token={token}"


class PagerDuty(ApiConnector):
    """Reads the incidents and alerts of an account."""

    kind: ClassVar[str] = "pagerduty"
    Settings: ClassVar[type[PagerDutySettings]] = PagerDutySettings

    def __init__(self, source: str, settings: PagerDutySettings, context: Context) -> None:
        credential = _Key(settings.token, context.folder)
        timing = Timing(context.clock, context.sleep)
        http = Http(settings.url, timing, credential, headers={"Accept": _VERSION})
        super().__init__(source, context, http)
        self._settings = settings

    def make_readers(self) -> Sequence[OrganisationReader]:
        """There is one stream."""
        return (Incidents(self.api, self._settings),)
