"""Deployments and where they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.doubles.github.world.accounts import Account, Team

if TYPE_CHECKING:
    from tests.doubles.github.world.repository import Repository


@dataclass(eq=False)
class DeploymentStatus:
    """What was reported of a deployment."""

    id: int
    state: str
    """In lower case, as REST says it: `success`, `inactive` …"""
    created_at: datetime
    creator: Account | None
    environment: str
    description: str = ""
    log_url: str = ""


@dataclass(eq=False)
class Deployment:
    """One deployment; its statuses in the order they arrived."""

    repository: Repository
    id: int
    sha: str
    ref: str
    environment: str
    creator: Account | None
    created_at: datetime
    updated_at: datetime
    original_environment: str = ""
    task: str = "deploy"
    description: str | None = None
    payload: dict[str, Any] | str = field(default_factory=dict)
    is_production: bool = False
    statuses: list[DeploymentStatus] = field(default_factory=list)


@dataclass(eq=False)
class Environment:
    """A place to deploy to, and who guards it."""

    id: int
    name: str
    created_at: datetime
    reviewers: list[Account | Team] = field(default_factory=list)
    is_self_review_prevented: bool = False
    wait_minutes: int = 0
    branch_policy: str | None = None
    """`protected`, `custom` or null: all branches."""
    branch_patterns: list[str] = field(default_factory=list)
