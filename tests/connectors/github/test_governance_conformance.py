"""Rules, findings, rights and logs of GitHub against the conformance suite."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from connectors.github.code.files import Files
from connectors.github.code.reuse import ReusedParts
from connectors.github.delivery.environments import Environments
from connectors.github.governance.access import Access
from connectors.github.governance.audit import Audit
from connectors.github.governance.bypasses import Bypasses
from connectors.github.governance.findings import CodeFindings, DependencyFindings, SecretFindings
from connectors.github.governance.protection import Protections
from connectors.github.governance.repository_access import RepositoryAccess
from connectors.github.governance.teams import Teams
from connectors.github.pipelines.workflows import Pipelines
from data.model import Protection as ProtectionRow
from data.model import Record
from tests.connectors.conformance import Conformance
from tests.connectors.github.test_conformance import DAMAGE, GitHubBinding
from tests.connectors.house import RowKey
from tests.connectors.loopback import Asked
from tests.doubles.github import story
from tests.doubles.github.world import (
    CodeAlert,
    DependencyAlert,
    Plan,
    Protection,
    SecretAlert,
)
from tests.doubles.host import Json, told

QUESTIONS = {
    "environments": r"/environments",
    "pipelines": r"/actions/workflows",
    "protection": r"/branches/|/rules/|/rulesets(?!/rule-suites)|/codeowners",
    "dependency_findings": r"/dependabot/",
    "code_findings": r"/code-scanning/",
    "secret_findings": r"/secret-scanning/",
    "reuse": r" Workflows ",
    "files": r"/git/trees",
    "repository_access": r"/repos/acme/web/(collaborators|teams|keys)",
    "bypasses": r"/rule-suites",
    "access": r"/orgs/acme(/(members|outside_collaborators|installations|actions/.*))?(\?|$)",
    "teams": r" Teams ",
    "audit": r"/audit-log",
}
ALERTS = 6


class GovernanceBinding(GitHubBinding):
    """A repository with rules, findings and members, of an organisation with a log."""

    readers = (
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
    organisation_readers = (Access, Teams, Audit)

    def _tell_the_story(self) -> None:
        self.organisation = self.world.organisation("acme", Plan.ENTERPRISE)
        self.repository = self.world.add_repository("acme/web")
        self.dev, self.reviewer = self.world.account("dev-1"), self.world.account("reviewer-2")
        self.at = self.time.at - timedelta(days=20)
        story.push(self.world, self.repository, self.dev, self.at, "Begin", files=["Dockerfile"])
        story.run(self.world, self.repository, self.dev, self._next())
        self._guard("production")
        self.organisation.add_member(self.dev, "admin")
        self.organisation.add_member(self.reviewer)
        self.team = self.organisation.add_team("core", self.world.new_id(), self.dev, self.reviewer)
        self.repository.protections["main"] = Protection(required_approvals=2)
        for number in range(1, ALERTS + 1):
            at = self._next()
            self.repository.dependency_alerts.append(DependencyAlert(number, at, at))
            self.repository.code_alerts.append(CodeAlert(number, at, at))
            self.repository.secret_alerts.append(SecretAlert(number, at, at))

    def _guard(self, environment: str) -> None:
        story.deploy(self.world, self.repository, self.dev, self._next(), environment)
        story.guard(self.repository, environment, self.reviewer)

    def change(self) -> None:
        at = self._next()
        old = self.repository.dependency_alerts[1]
        old.state, old.fixed_at, old.updated_at = "fixed", at, at
        self.repository.code_alerts.append(CodeAlert(ALERTS + 1, at, at))
        self.organisation.add_member(self.world.account("dev-3"))
        self.team.maintainers.add("dev-1")
        self._guard("staging")

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a member comes": lambda: self.organisation.add_member(self.world.account("dev-9")),
            "somebody joins a team": lambda: self.team.members.append(self.world.account("dev-9")),
            "an alert comes": lambda: self.repository.code_alerts.append(
                CodeAlert(ALERTS + 2, self._next(), self.at)
            ),
        }

    def refuse(self, stream: str, status: int, page: int) -> None:
        pattern = re.compile(QUESTIONS[stream.partition(":")[0]])

        def is_meant(asked: Asked) -> bool:
            return bool(pattern.search(told(asked)))

        self.double.refuse(is_meant, status)

    def remove(self) -> Collection[RowKey]:
        login = self.organisation.members.pop().account.login
        self.team.members.pop()
        rows = (f"access/member/{login}", f"team/core/member/{login}")
        return [("member_access", f"github:acme#{row}") for row in rows]

    untimed: ClassVar[Collection[str]] = ("protection:4702",)

    def change_untimed(self) -> None:
        self.repository.protections["main"].allows_force_pushes = True

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (row,) = (row for row in rows.values() if isinstance(row, ProtectionRow))
        return row.changed_after_at, row.changed_before_at

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.double.refuse, "/members", 403, f"no: {self.secret}"),
            partial(self.double.tokens.clear),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.double.damage("/dependabot/", _coloured)
        return b"octarine"

    def _damage(self, way: str) -> int:
        self.double.damage("/dependabot/", partial(_damaged, way, ("created_at", "state")))
        return 2

    @property
    def fewest_requests(self) -> int:
        lists_of_repository, lists_of_organisation, questions_of_organisation = 17, 9, 1
        return 1 + lists_of_repository + lists_of_organisation + questions_of_organisation

    idle_requests = 2


def _damaged(way: str, fields: Sequence[str], alerts: Json) -> Json:
    for alert, field in zip(alerts, fields, strict=False):
        DAMAGE[way](alert, field)
    return alerts


def _coloured(alerts: Json) -> Json:
    return [{**alert, "colour": "octarine"} for alert in alerts]


class TestGitHubGovernance(Conformance):
    binding = GovernanceBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": (
            "only the audit log is filtered, and more of it than was asked for does no harm"
        ),
    }
