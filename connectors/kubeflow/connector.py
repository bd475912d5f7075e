"""A source that is a model registry of Kubeflow."""

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
from connectors.kubeflow.registry import Registry
from connectors.kubeflow.runs import Runs
from connectors.kubeflow.settings import Settings as KubeflowSettings


class Kubeflow(ApiConnector):
    """Reads models and their versions, what is served, and runs of experiments."""

    kind: ClassVar[str] = "kubeflow"
    Settings: ClassVar[type[BaseModel]] = KubeflowSettings

    def __init__(self, source: str, settings: KubeflowSettings, context: Context) -> None:
        given = settings.token and Credential(settings.token, context.folder)
        http = Http(settings.url, Timing(context.clock, context.sleep), given or None)
        super().__init__(source, context, http)
        self._settings = settings

    def make_readers(self) -> Sequence[OrganisationReader]:
        """The registry, and the runs where they are asked for."""
        runs = (Runs(self.api),) if self._settings.has_experiments else ()
        return (Registry(self.api), *runs)
