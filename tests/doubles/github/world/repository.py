"""A repository and all that is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.doubles.github.world.accounts import Account
from tests.doubles.github.world.actions import Run, Workflow
from tests.doubles.github.world.code import Check, Commit, Release, Status, Tag
from tests.doubles.github.world.delivery import Deployment, Environment
from tests.doubles.github.world.findings import CodeAlert, DependencyAlert, SecretAlert
from tests.doubles.github.world.review import Issue, Pull
from tests.doubles.github.world.rules import Protection, Ruleset, RuleSuite


@dataclass(eq=False)
class Collaborator:
    """An account with access of its own."""

    account: Account
    role: str = "write"
    is_outside: bool = False


@dataclass(eq=False)
class DeployKey:
    """A key that opens one repository."""

    id: int
    title: str
    created_at: datetime
    is_read_only: bool = True
    added_by: str | None = None
    last_used_at: datetime | None = None


@dataclass(eq=False)
class Hook:
    """A webhook."""

    id: int
    url: str
    created_at: datetime
    has_secret: bool = True
    is_insecure: bool = False
    events: list[str] = field(default_factory=lambda: ["push"])


@dataclass(eq=False)
class Repository:
    """One repository. What a test changes here is what the next question sees."""

    id: int
    owner: Account
    name: str
    created_at: datetime
    updated_at: datetime
    pushed_at: datetime
    default_branch: str = "main"
    is_private: bool = True
    is_archived: bool = False
    is_fork: bool = False
    former_names: list[str] = field(default_factory=list)
    """Full names that lead here."""
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    landed: dict[str, int] = field(default_factory=dict)
    """Commit on the default branch to the number of the pull request that brought it."""
    issues: dict[int, Issue] = field(default_factory=dict)
    deployments: list[Deployment] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    workflows: list[Workflow] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    checks: dict[str, list[Check]] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """The default branch by path; for what reads files, not for what reads history."""
    is_tree_truncated: bool = False
    protections: dict[str, Protection] = field(default_factory=dict)
    rulesets: list[Ruleset] = field(default_factory=list)
    rule_suites: list[RuleSuite] = field(default_factory=list)
    codeowners_errors: list[dict[str, str | int]] = field(default_factory=list)
    dependency_alerts: list[DependencyAlert] | None = field(default_factory=list)
    """Null: switched off. The same for the other kinds."""
    has_analyses: bool = True
    """Whether any code was ever scanned."""
    code_alerts: list[CodeAlert] | None = field(default_factory=list)
    secret_alerts: list[SecretAlert] | None = field(default_factory=list)
    collaborators: list[Collaborator] = field(default_factory=list)
    keys: list[DeployKey] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    workflow_permission: str = "read"
    can_workflows_approve: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def head(self) -> str | None:
        """Commit that the default branch ends at."""
        return self.branches.get(self.default_branch)

    def next_number(self) -> int:
        """Number of the next pull request or issue, which share their numbers."""
        return max([0, *self.pulls, *self.issues]) + 1
