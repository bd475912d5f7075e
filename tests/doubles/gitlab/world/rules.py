"""What a project or group demands before code lands or runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.doubles.gitlab.world.people import User


@dataclass(eq=False)
class Access:
    """Who may do a thing: a level (0 is no one), or a single user or group."""

    id: int
    level: int = 40
    user_id: int | None = None
    group_id: int | None = None
    deploy_key_id: int | None = None


@dataclass(eq=False)
class ProtectedBranch:
    """A protected branch; of a group it holds in all its projects."""

    id: int
    name: str
    push: list[Access]
    merge: list[Access]
    unprotect: list[Access] = field(default_factory=list)
    is_force_push_allowed: bool = False
    is_code_owner_required: bool = False


@dataclass(eq=False)
class ProtectedTag:
    """Tags that only some may make."""

    name: str
    create: list[Access]


@dataclass(eq=False)
class ApprovalDemand:
    """Who must approve a deployment."""

    id: int
    required_approvals: int = 1
    level: int | None = 40
    user_id: int | None = None
    group_id: int | None = None


@dataclass(eq=False)
class ProtectedEnvironment:
    """An environment that only some may deploy to."""

    name: str
    deploy: list[Access]
    demands: list[ApprovalDemand] = field(default_factory=list)


@dataclass(eq=False)
class ApprovalRule:
    """Who must approve a merge request."""

    id: int
    name: str
    approvals_required: int
    kind: str = "regular"
    """`any_approver`, `regular` or `code_owner`."""
    eligible: list[User] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    """Empty: all branches."""


@dataclass
class ApprovalSettings:
    """What becomes of approvals."""

    is_reset_on_push: bool = True
    is_author_allowed: bool = False
    is_committer_barred: bool = False
    is_overriding_barred: bool = False
    is_password_required: bool = False


@dataclass
class PushRule:
    """What a push must satisfy."""

    id: int
    is_signature_required: bool = False
    is_committer_checked: bool = False
    is_secret_prevented: bool = False
    commit_message_regex: str = ""
