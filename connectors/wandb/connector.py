"""A source that is Weights & Biases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import BaseModel

from connectors.api.connector import ApiConnector
from connectors.api.reader import OrganisationReader
from connectors.credential import Credential
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Context
from connectors.wandb.registry import Registry
from connectors.wandb.runs import Runs
from connectors.wandb.settings import Settings as WandbSettings

_USER = "api"
"""The name under which every key is sent."""


class Wandb(ApiConnector):
    """Reads runs of a team and the registry of an organisation."""

    kind: ClassVar[str] = "wandb"
    Settings: ClassVar[type[BaseModel]] = WandbSettings

    def __init__(self, source: str, settings: WandbSettings, context: Context) -> None:
        credential = Credential(settings.token, context.folder, user=_USER)
        http = Http(settings.url, Timing(context.clock, context.sleep), credential)
        super().__init__(source, context, http)
        self._settings = settings

    def make_readers(self) -> Sequence[OrganisationReader]:
        """Runs, and the registry, each if it is asked for."""
        return (Runs(self.api, self._settings), Registry(self.api, self._settings))
