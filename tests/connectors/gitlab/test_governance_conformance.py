"""Rules, findings, rights and records of GitLab against the conformance suite.

They are looked at once a day: what happens at the source is news a day later here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from connectors.gitlab.code.reuse import ReusedParts
from connectors.gitlab.governance.access import Access
from connectors.gitlab.governance.audit import Audit, RepositoryAudit
from connectors.gitlab.governance.findings import Findings
from connectors.gitlab.governance.protection import Protections
from connectors.gitlab.governance.repository_access import RepositoryAccess
from data.model import Protection as ProtectionRow
from data.model import Record
from tests.connectors.conformance import Conformance
from tests.connectors.gitlab.test_conformance import DAMAGE, GitLabBinding
from tests.connectors.house import RowKey
from tests.connectors.loopback import Asked
from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import (
    ApprovalRule,
    AuditEvent,
    DeployKey,
    DeployToken,
    Group,
    Level,
    Project,
    Vulnerability,
)
from tests.doubles.host import Json, matches

A_DAY = timedelta(days=1)
FINDINGS, PAGE_SIZE = 3, 2
QUESTIONS = {
    "protection": r"/protected_|/approval|/push_rule|/files/CODEOWNERS",
    "findings": r" Vulnerabilities ",
    "reuse": r"/repository/(branches|tree|files/\.gitlab-ci)",
    "repository_access": r"/projects/\d+/(members|access_tokens|deploy_)",
    "repository_audit": r"/projects/\d+/audit_events",
    "access": r"/groups/acme(\?|$|/(members|access_tokens|deploy_|descendant))",
    "audit": r"/groups/acme/audit_events",
}
"""What is asked for each kind of stream."""


class GovernanceBinding(GitLabBinding):
    """A project with rules, findings and keys, of a group with members and a log of two months."""

    readers = (Protections, Findings, ReusedParts, RepositoryAccess, RepositoryAudit)
    group_readers = (Access, Audit)
    untimed: ClassVar[Collection[str]] = ("protection:102",)

    def __init__(self, folder: Path, running: ExitStack) -> None:
        running.enter_context(patch.object(Findings, "page_size", PAGE_SIZE))
        log = "connectors.gitlab.governance.audit_log"
        running.enter_context(patch(f"{log}.LOOK_BACK", timedelta(days=55)))
        super().__init__(folder, running)
        self._began_at = self.time.at
        self._does_wait = False

    def _tell_the_story(self) -> None:
        self.project = self.world.project("acme/web")
        self.group = self.project.group
        self.dev, self.reviewer = self.world.user("dev-1"), self.world.user("reviewer-2")
        self.at = self.time.at - timedelta(days=50)
        self.project.files = {
            ".gitlab-ci.yml": "include: {template: A.yml}",
            "CODEOWNERS": "",
            "Dockerfile": "",
        }
        story.push(self.world, self.project, self.dev, self.at, "Begin")
        story.join(self.group, self.dev, Level.OWNER, self._next())
        story.join(self.group, self.reviewer, Level.DEVELOPER, self._next())
        self.project.deploy_keys += [DeployKey(n, f"robot-{n}", self._next()) for n in (1, 2)]
        self.project.deploy_tokens.append(DeployToken(3, "images", "gitlab+deploy-token-3"))
        story.protect(self.world, self.project)
        self.project.approval_rules.append(ApprovalRule(self.world.new_id(), "Two", 2))
        for place in (self.project, self.group):
            self._record(place, self._next())
            self._record(place, self.time.at - A_DAY)
        self.findings = [self._find() for _ in range(FINDINGS)]

    def _record(self, place: Project | Group, at: datetime) -> None:
        number = self.world.new_id()
        place.audit_events.append(AuditEvent(number, "member_created", self.dev, at))

    def _find(self) -> Vulnerability:
        self.project.vulnerabilities.append(
            Vulnerability(self.world.new_id(), "Unescaped output", self._next())
        )
        return self.project.vulnerabilities[-1]

    def _pass_day(self) -> None:
        self.time.at += A_DAY

    def change(self) -> None:
        self._pass_day()
        story.join(self.group, self.world.user("dev-3"), Level.REPORTER, self._next())
        self._find()
        self.findings[0].state, self.findings[0].resolved_at = "resolved", self._next()
        self.project.files["main.tf"] = ""
        story.push(self.world, self.project, self.dev, self._next(), "More")
        self.project.deploy_keys.append(DeployKey(4, "robot-4", self._next()))
        for place in (self.project, self.group):
            self._record(place, self.time.at)

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {"a bit of everything comes": self.change}

    def refuse(self, stream: str, status: int, page: int) -> None:
        """Begins again on the day of the first reading, with whose rows the suite compares."""
        self.time.at = self._began_at
        kind = stream.partition(":")[0]
        # That all rules are refused is not for want of a plan: they are asked for at each sync.
        self._does_wait = status == 404 and kind != "protection"

        def is_meant(asked: Asked) -> bool:
            is_of_kind = matches(QUESTIONS[kind], asked) or (
                kind == "protection" and self._is_for_hidden_rules(asked)
            )
            # By one token, if it may see it, the audit log learns which role it is told as.
            is_of_role = asked.params.get("per_page") == "1"
            return is_of_kind and not is_of_role and (page == 1 or self._is_later(asked))

        self.double.refuse(is_meant, status)

    def _is_for_hidden_rules(self, asked: Asked) -> bool:
        """Whether the branch is asked for because its rules were refused."""
        before = self.double.asked[-2]
        return "/repository/branches/" in asked.path and "/protected_branches" in before.path

    def _is_later(self, asked: Asked) -> bool:
        """Whether a question is for another page than the first."""
        until = asked.params.get("created_before")
        is_past = until is not None and datetime.fromisoformat(until) < self.time.at
        return is_past or matches('"after": "', asked)

    def allow(self) -> None:
        """A right that is given shows at once, what a plan has anew a day later."""
        self.double.allow()
        if self._does_wait:
            self._pass_day()

    def ignore_filters(self) -> None:
        self.double.ignored_filters |= {"created_before", "created_after"}

    def change_untimed(self) -> None:
        """The suite lets an hour pass between two readings: for them, that is the day."""
        day = patch("connectors.gitlab.api.daily.LOOK_EVERY", timedelta(hours=1))
        self.running.enter_context(day)
        self.project.protected_branches[0].is_force_push_allowed = True

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (row,) = (row for row in rows.values() if isinstance(row, ProtectionRow))
        return row.changed_after_at, row.changed_before_at

    def remove(self) -> Collection[RowKey]:
        self._pass_day()
        member, finding = self.group.members.pop(), self.project.vulnerabilities.pop(0)
        return [
            ("member_access", f"gitlab:acme#access/member/{member.user.username}"),
            ("security_finding", f"gitlab:acme/web#finding/code/{finding.id}"),
        ]

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.double.refuse, "/members|/protected|/audit", 403, f"no: {self.secret}"),
            partial(self.double.tokens.clear),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.double.damage("/members", lambda told: [{**one, "colour": "octarine"} for one in told])
        return b"octarine"

    def _damage(self, way: str) -> int:
        """Damages one field of each, in as many things of several kinds."""
        change = partial(_damaged, DAMAGE[way])
        self.double.damage("/groups/acme/members", partial(change, ["username", "access_level"]))
        self.double.damage("/deploy_keys", partial(change, ["title", "can_push"]))
        self.double.damage("/projects/.*/audit_events", partial(change, ["created_at"] * 2))
        self.double.damage(" Vulnerabilities .*null", partial(_damaged_nodes, change))
        self.double.damage("/repository/tree", lambda told: change(["path"], told[::-1]))
        return 2 + 2 + 2 + 2 + 1

    @property
    def fewest_requests(self) -> int:
        projects, rules, code, rights_of_project, rights_of_group = 1, 6, 3, 4, 5
        findings = -(-FINDINGS // PAGE_SIZE)
        log_with_author_and_role = 2 + 1 + 1
        logs = 2 * log_with_author_and_role
        return projects + rules + findings + code + rights_of_project + rights_of_group + logs

    idle_requests = 1


def _damaged(change: Callable[[Json, str], object], fields: Sequence[str], told: Json) -> Json:
    for item, field in zip(told, fields, strict=False):
        change(item, field)
    return told


def _damaged_nodes(change: Callable[[Sequence[str], Json], Json], told: Json) -> Json:
    change(["detectedAt", "state"], told["data"]["project"]["vulnerabilities"]["nodes"])
    return told


class TestGitLabGovernance(Conformance):
    binding = GovernanceBinding
