"""A source that is a Jenkins server."""

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
from connectors.jenkins.builds import Builds
from connectors.jenkins.jobs import Jobs
from connectors.jenkins.settings import Settings as JenkinsSettings


class Jenkins(ApiConnector):
    """Reads the jobs and builds of a server."""

    kind: ClassVar[str] = "jenkins"
    Settings: ClassVar[type[BaseModel]] = JenkinsSettings

    def __init__(self, source: str, settings: JenkinsSettings, context: Context) -> None:
        given = settings.token and Credential(settings.token, context.folder, user=settings.user)
        http = Http(settings.url, Timing(context.clock, context.sleep), given or None)
        super().__init__(source, context, http)
        self._settings = settings

    def make_readers(self) -> Sequence[OrganisationReader]:
        """Jobs, then their builds."""
        return (Jobs(self.api, self._settings), Builds(self.api, self._settings))
