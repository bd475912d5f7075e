"""A source that is an Argo CD server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import BaseModel

from connectors.api.connector import ApiConnector
from connectors.api.reader import OrganisationReader
from connectors.argocd.applications import Applications
from connectors.argocd.settings import Settings as ArgoCdSettings
from connectors.credential import Credential
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Context


class ArgoCd(ApiConnector):
    """Reads what the applications of a server deployed."""

    kind: ClassVar[str] = "argocd"
    Settings: ClassVar[type[BaseModel]] = ArgoCdSettings

    def __init__(self, source: str, settings: ArgoCdSettings, context: Context) -> None:
        credential = Credential(settings.token, context.folder)
        http = Http(settings.url, Timing(context.clock, context.sleep), credential)
        super().__init__(source, context, http)
        self._settings = settings

    def make_readers(self) -> Sequence[OrganisationReader]:
        """There is one stream."""
        return (Applications(self.api, self._settings),)
