"""The state of a GitHub: plain values that tests read and write directly."""

from __future__ import annotations

from tests.doubles.github.world.accounts import (
    Account,
    App,
    AuditEvent,
    Installation,
    Member,
    Organisation,
    Plan,
    Team,
)
from tests.doubles.github.world.actions import Approval, Attempt, Job, Run, Workflow
from tests.doubles.github.world.code import Check, Commit, Release, Status, Tag
from tests.doubles.github.world.delivery import Deployment, DeploymentStatus, Environment
from tests.doubles.github.world.findings import CodeAlert, DependencyAlert, SecretAlert
from tests.doubles.github.world.repository import Collaborator, DeployKey, Hook, Repository
from tests.doubles.github.world.review import Event, Issue, Pull, Review
from tests.doubles.github.world.rules import BypassActor, Protection, Rule, Ruleset, RuleSuite
from tests.doubles.github.world.world import World

__all__ = [
    "Account",
    "App",
    "Approval",
    "Attempt",
    "AuditEvent",
    "BypassActor",
    "Check",
    "CodeAlert",
    "Collaborator",
    "Commit",
    "DependencyAlert",
    "DeployKey",
    "Deployment",
    "DeploymentStatus",
    "Environment",
    "Event",
    "Hook",
    "Installation",
    "Issue",
    "Job",
    "Member",
    "Organisation",
    "Plan",
    "Protection",
    "Pull",
    "Release",
    "Repository",
    "Review",
    "Rule",
    "RuleSuite",
    "Ruleset",
    "Run",
    "SecretAlert",
    "Status",
    "Tag",
    "Team",
    "Workflow",
    "World",
]
