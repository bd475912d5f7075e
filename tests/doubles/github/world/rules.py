"""What protects branches and tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.doubles.github.world.accounts import Account


@dataclass(eq=False)
class Protection:
    """Classic protection of one branch."""

    required_approvals: int | None = 1
    """Null: no pull request is needed."""
    dismisses_stale: bool = False
    requires_code_owners: bool = False
    requires_last_push_approval: bool = False
    checks: list[str] | None = None
    """Null: no checks are required."""
    is_strict: bool = False
    enforces_admins: bool = False
    allows_force_pushes: bool = False
    allows_deletions: bool = False
    requires_linear_history: bool = False
    requires_signatures: bool = False
    requires_conversation_resolution: bool = False
    bypass_users: list[Account] = field(default_factory=list)
    """May merge without the review that is required."""


@dataclass(eq=False)
class Rule:
    """One rule of a ruleset, in the host's words."""

    type: str
    parameters: dict[str, Any] | None = None


@dataclass(eq=False)
class BypassActor:
    """Who need not obey a ruleset."""

    type: str
    id: int | None
    mode: str = "always"


@dataclass(eq=False)
class Ruleset:
    """Rules for the branches or tags that match."""

    id: int
    name: str
    source: str
    """Full name of the repository, or login of the organisation."""
    created_at: datetime
    updated_at: datetime
    source_type: str = "Repository"
    target: str = "branch"
    enforcement: str = "active"
    """`active`, `evaluate` or `disabled`."""
    include: list[str] = field(default_factory=lambda: ["~DEFAULT_BRANCH"])
    exclude: list[str] = field(default_factory=list)
    repositories: list[str] = field(default_factory=lambda: ["~ALL"])
    """Of an organisation's ruleset: patterns of names it is for."""
    rules: list[Rule] = field(default_factory=list)
    bypass_actors: list[BypassActor] = field(default_factory=list)


@dataclass(eq=False)
class RuleSuite:
    """How the rules judged one push."""

    id: int
    actor: Account
    ref: str
    before_sha: str
    after_sha: str
    pushed_at: datetime
    result: str = "bypass"
    """`pass`, `fail` or `bypass`."""
    evaluation_result: str = "pass"
