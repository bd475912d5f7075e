"""The state of a GitLab: plain values that tests read and write directly."""

from __future__ import annotations

from tests.doubles.gitlab.world.code import Commit, DiffVersion, Release, Tag
from tests.doubles.gitlab.world.delivery import (
    Deployment,
    DeploymentApproval,
    Environment,
    Job,
    Pipeline,
)
from tests.doubles.gitlab.world.findings import Vulnerability
from tests.doubles.gitlab.world.people import (
    AccessToken,
    AuditEvent,
    DeployKey,
    DeployToken,
    Level,
    Membership,
    User,
)
from tests.doubles.gitlab.world.project import Group, Project
from tests.doubles.gitlab.world.review import (
    Approval,
    Issue,
    LabelEvent,
    MergeRequest,
    Note,
    StateEvent,
)
from tests.doubles.gitlab.world.rules import (
    Access,
    ApprovalDemand,
    ApprovalRule,
    ApprovalSettings,
    ProtectedBranch,
    ProtectedEnvironment,
    ProtectedTag,
    PushRule,
)
from tests.doubles.gitlab.world.world import BEGINNING, World

__all__ = [
    "BEGINNING",
    "Access",
    "AccessToken",
    "Approval",
    "ApprovalDemand",
    "ApprovalRule",
    "ApprovalSettings",
    "AuditEvent",
    "Commit",
    "DeployKey",
    "DeployToken",
    "Deployment",
    "DeploymentApproval",
    "DiffVersion",
    "Environment",
    "Group",
    "Issue",
    "Job",
    "LabelEvent",
    "Level",
    "Membership",
    "MergeRequest",
    "Note",
    "Pipeline",
    "Project",
    "ProtectedBranch",
    "ProtectedEnvironment",
    "ProtectedTag",
    "PushRule",
    "Release",
    "StateEvent",
    "Tag",
    "User",
    "Vulnerability",
    "World",
]
