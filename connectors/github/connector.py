"""The `github` source: an organisation on GitHub or on a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel

from connectors.api.reader import OrganisationReader
from connectors.github.api.credentials import QUESTION_BUCKET, clients_of
from connectors.github.asking import KIND, Asking
from connectors.github.code.changes import Changes
from connectors.github.code.files import Files
from connectors.github.code.history import History
from connectors.github.code.repository import About
from connectors.github.code.reuse import ReusedParts
from connectors.github.delivery.deployments import Deployments
from connectors.github.delivery.environments import Environments
from connectors.github.delivery.incidents import Incidents
from connectors.github.delivery.releases import Releases
from connectors.github.delivery.tags import Tags
from connectors.github.governance.access import Access
from connectors.github.governance.audit import Audit
from connectors.github.governance.bypasses import Bypasses
from connectors.github.governance.findings import CodeFindings, DependencyFindings, SecretFindings
from connectors.github.governance.protection import Protections
from connectors.github.governance.repository_access import RepositoryAccess
from connectors.github.governance.teams import Teams
from connectors.github.pipelines.runs import Runs
from connectors.github.pipelines.workflows import Pipelines
from connectors.github.repositories import Repositories
from connectors.github.settings import Settings as GitHubSettings
from connectors.hosting.connector import HostConnector
from connectors.hosting.deployment_rule import DeploymentRules
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.interface import Context

READERS: Sequence[Callable[[Asking], Reader]] = (
    About,
    Deployments,
    Changes,
    History,
    Incidents,
    Runs,
    Releases,
    Tags,
    Environments,
    Pipelines,
    Protections,
    DependencyFindings,
    CodeFindings,
    SecretFindings,
    ReusedParts,
    Files,
    RepositoryAccess,
    Bypasses,
)
"""One a kind of stream of a repository, in the order in which they are read."""
ORGANISATION_READERS: Sequence[Callable[[Asking], OrganisationReader]] = (Access, Teams, Audit)
"""The same of what is read once for the organisation."""


class GitHub(HostConnector):
    """Reads an organisation's repositories."""

    Settings: ClassVar[type[BaseModel]] = GitHubSettings
    host: ClassVar[str] = KIND

    def __init__(self, source: str, settings: GitHubSettings, context: Context) -> None:
        super().__init__()
        self.source = source
        self._settings = settings
        self._context = context

    def places(self) -> Sequence[Place]:
        """Lists the repositories to read; see `HostConnector.places`."""
        return Repositories(self._asking).places()

    @property
    def organisation(self) -> str:
        """The organisation or account."""
        return self._asking.organisation

    @property
    def api(self) -> SharedApi:
        """What asks GitHub."""
        return self._asking.api

    @property
    def tally(self) -> Tally:
        """Tells how far the reading has come."""
        return self._asking.tally

    def make_readers(self) -> Sequence[Reader]:
        """Makes the readers of repositories."""
        return [make(self._asking) for make in READERS]

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        """Makes the readers of the organisation."""
        return [make(self._asking) for make in ORGANISATION_READERS]

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
