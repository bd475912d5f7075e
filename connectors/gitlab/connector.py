"""The `gitlab` source: a group on GitLab or on a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel

from connectors.api.reader import OrganisationReader
from connectors.gitlab.api.credentials import clients_of
from connectors.gitlab.api.heartbeat import Heartbeat
from connectors.gitlab.asking import Asking
from connectors.gitlab.code.changes import Changes
from connectors.gitlab.code.history import History
from connectors.gitlab.code.repository import About
from connectors.gitlab.code.reuse import ReusedParts
from connectors.gitlab.delivery.deployments import Deployments
from connectors.gitlab.delivery.environments import Environments
from connectors.gitlab.delivery.incidents import Incidents
from connectors.gitlab.delivery.releases import Releases
from connectors.gitlab.delivery.tags import Tags
from connectors.gitlab.governance.access import Access
from connectors.gitlab.governance.audit import Audit, RepositoryAudit
from connectors.gitlab.governance.findings import Findings
from connectors.gitlab.governance.protection import Protections
from connectors.gitlab.governance.repository_access import RepositoryAccess
from connectors.gitlab.pipelines.pipelines import ChildPipelines, Pipelines
from connectors.gitlab.projects import Projects
from connectors.gitlab.settings import Settings as GitLabSettings
from connectors.gitlab.settings import TokenKind
from connectors.hosting.connector import HostConnector
from connectors.hosting.deployment_rule import DeploymentRules
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.interface import Context, Requests

READERS: Sequence[Callable[[Asking], Reader]] = (
    About,
    Deployments,
    Environments,
    Changes,
    History,
    Pipelines,
    ChildPipelines,
    Incidents,
    Releases,
    Tags,
    Protections,
    Findings,
    ReusedParts,
    RepositoryAccess,
    RepositoryAudit,
)
"""One a kind of stream of a project, in the order in which they are read."""
GROUP_READERS: Sequence[Callable[[Asking], OrganisationReader]] = (Access, Audit)
"""The same of what is read once for the group."""


class GitLab(HostConnector):
    """Reads a group's projects, with those of its subgroups."""

    Settings: ClassVar[type[BaseModel]] = GitLabSettings
    host: ClassVar[str] = Asking.kind

    def __init__(self, source: str, settings: GitLabSettings, context: Context) -> None:
        super().__init__()
        self.source = source
        self._settings = settings
        self._context = context

    def places(self) -> Sequence[Place]:
        """Lists the projects to read; see `HostConnector.places`."""
        return Projects(self._asking).places()

    @property
    def organisation(self) -> str:
        """The group."""
        return self._asking.group

    @property
    def api(self) -> SharedApi:
        """What asks GitLab."""
        return self._asking.api

    @property
    def requests(self) -> Requests:
        """What was asked of GitLab so far; that unchanged answers are free is not said."""
        told = self.api.requests
        return Requests(told.sent, told.sent, told.remaining)

    @property
    def tally(self) -> Tally:
        """Tells how far the reading has come."""
        return self._asking.tally

    def make_readers(self) -> Sequence[Reader]:
        """Makes the readers of projects."""
        return [make(self._asking) for make in READERS]

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        """Makes the readers of the group."""
        return [make(self._asking) for make in GROUP_READERS]

    @cached_property
    def _asking(self) -> Asking:
        settings, context = self._settings, self._context
        proof = "job" if settings.token_kind is TokenKind.JOB else "version"
        api = SharedApi(settings.url, lambda: clients_of(settings, context), proof=proof)
        tally = Tally(self.source, context.clock, context.progress, lambda: api.remaining)
        rules = DeploymentRules(settings.deployments)
        heartbeat = Heartbeat(api, context.clock)
        return Asking(self.source, settings, context, api, rules, tally, heartbeat)
