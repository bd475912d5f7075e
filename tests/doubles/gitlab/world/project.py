"""Groups and projects."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.doubles.gitlab.world.code import Commit, Release, Tag
from tests.doubles.gitlab.world.delivery import Deployment, Environment, Pipeline
from tests.doubles.gitlab.world.findings import Vulnerability
from tests.doubles.gitlab.world.people import (
    AccessToken,
    AuditEvent,
    DeployKey,
    DeployToken,
    Membership,
)
from tests.doubles.gitlab.world.review import Issue, MergeRequest
from tests.doubles.gitlab.world.rules import (
    ApprovalRule,
    ApprovalSettings,
    ProtectedBranch,
    ProtectedEnvironment,
    ProtectedTag,
    PushRule,
)


@dataclass(eq=False)
class Group:
    """A group; groups nest."""

    id: int
    path: str
    created_at: datetime
    parent: Group | None = None
    plan: str = "ultimate"
    """`free`, `premium` or `ultimate`; that of the group at the top counts."""
    is_two_factor_required: bool = False
    members: list[Membership] = field(default_factory=list)
    access_tokens: list[AccessToken] = field(default_factory=list)
    deploy_tokens: list[DeployToken] = field(default_factory=list)
    protected_branches: list[ProtectedBranch] = field(default_factory=list)
    audit_events: list[AuditEvent] = field(default_factory=list)

    @property
    def full_path(self) -> str:
        """Its path with those of the groups above."""
        return f"{self.parent.full_path}/{self.path}" if self.parent else self.path

    @property
    def lineage(self) -> list[Group]:
        """Itself and the groups above, nearest first."""
        return [self, *(self.parent.lineage if self.parent else ())]


@dataclass(eq=False)
class Project:
    """A project. Its number survives what becomes of its path."""

    id: int
    path: str
    group: Group
    created_at: datetime
    updated_at: datetime
    default_branch: str = "main"
    visibility: str = "private"
    is_archived: bool = False
    topics: list[str] = field(default_factory=list)
    former_paths: list[str] = field(default_factory=list)
    merge_method: str = "merge"
    """`merge`, `rebase_merge` (semi-linear) or `ff`."""
    squash_option: str = "default_off"
    must_pipeline_succeed: bool = False
    must_discussions_be_resolved: bool = False
    may_skipped_pipeline_merge: bool = False
    has_merge_trains: bool = False
    ci_config_path: str | None = None
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Path to text, on the default branch now."""
    tags: dict[str, Tag] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    merge_requests: dict[int, MergeRequest] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    pipelines: list[Pipeline] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    vulnerabilities: list[Vulnerability] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    access_tokens: list[AccessToken] = field(default_factory=list)
    deploy_keys: list[DeployKey] = field(default_factory=list)
    deploy_tokens: list[DeployToken] = field(default_factory=list)
    protected_branches: list[ProtectedBranch] = field(default_factory=list)
    protected_tags: list[ProtectedTag] = field(default_factory=list)
    protected_environments: list[ProtectedEnvironment] = field(default_factory=list)
    approval_rules: list[ApprovalRule] = field(default_factory=list)
    approval_settings: ApprovalSettings = field(default_factory=ApprovalSettings)
    push_rule: PushRule | None = None
    audit_events: list[AuditEvent] = field(default_factory=list)
    _histories: dict[tuple[str, bool], list[Commit]] = field(default_factory=dict, repr=False)

    @property
    def full_path(self) -> str:
        """Its path with those of the groups above."""
        return f"{self.group.full_path}/{self.path}"

    @property
    def plan(self) -> str:
        """The plan it has from the group at the top."""
        return self.group.lineage[-1].plan

    def resolve(self, ref: str) -> str | None:
        """Returns the hash that a branch, tag or hash names; null if there is none."""
        tag = self.tags.get(ref)
        return self.branches.get(ref) or (tag.sha if tag else ref if ref in self.commits else None)

    def history(self, sha: str, *, is_first_parent: bool = False) -> list[Commit]:
        """Lists what a commit contains, newest first as `git log` does."""
        key = (sha, is_first_parent)
        if key not in self._histories:
            if len(self._histories) > 8:
                self._histories.clear()
            self._histories[key] = list(self._walk(sha, is_first_parent))
        return self._histories[key]

    def _walk(self, sha: str, is_first_parent: bool) -> Iterator[Commit]:
        seen, waiting = {sha}, [_newest_first(self.commits[sha])]
        while waiting:
            commit = heapq.heappop(waiting)[-1]
            yield commit
            for parent in commit.parents[:1] if is_first_parent else commit.parents:
                if parent not in seen:
                    seen.add(parent)
                    heapq.heappush(waiting, _newest_first(self.commits[parent]))


def _newest_first(commit: Commit) -> tuple[float, int, Commit]:
    return -commit.committed_at.timestamp(), -commit.ordinal, commit
