"""Workflows and their runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.doubles.github.world.accounts import Account

if TYPE_CHECKING:
    from tests.doubles.github.world.repository import Repository


@dataclass(eq=False)
class Workflow:
    """A workflow file."""

    id: int
    name: str
    path: str
    created_at: datetime
    state: str = "active"
    run_count: int = 0


@dataclass(eq=False)
class Job:
    """One job of one attempt."""

    id: int
    name: str
    created_at: datetime
    status: str = "completed"
    conclusion: str | None = "success"
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(eq=False)
class Attempt:
    """One attempt of a run."""

    number: int
    actor: Account | None
    started_at: datetime
    updated_at: datetime
    status: str = "queued"
    conclusion: str | None = None
    jobs: list[Job] = field(default_factory=list)


@dataclass(eq=False)
class Approval:
    """Who let a run deploy."""

    environment: str
    user: Account
    state: str = "approved"
    comment: str = ""


@dataclass(eq=False)
class Run:
    """A run of a workflow, with all its attempts."""

    repository: Repository
    id: int
    workflow: Workflow
    number: int
    event: str
    branch: str | None
    sha: str
    actor: Account | None
    created_at: datetime
    title: str
    attempts: list[Attempt] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)

    @property
    def latest(self) -> Attempt:
        return self.attempts[-1]
