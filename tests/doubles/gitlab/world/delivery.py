"""Pipelines, their jobs, and what they bring where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.doubles.gitlab.world.people import User
    from tests.doubles.gitlab.world.project import Project


@dataclass(eq=False, slots=True)
class Job:
    """A job, or a bridge that starts another pipeline."""

    id: int
    name: str
    pipeline: Pipeline
    created_at: datetime
    stage: str = "test"
    status: str = "success"
    started_at: datetime | None = None
    finished_at: datetime | None = None
    user: User | None = None
    is_bridge: bool = False
    is_retried: bool = False
    is_allowed_to_fail: bool = False
    downstream: Pipeline | None = None


@dataclass(eq=False, slots=True)
class Pipeline:
    """A pipeline; a retry leaves its number and its start as they were."""

    id: int
    iid: int
    project: Project
    sha: str
    ref: str
    created_at: datetime
    updated_at: datetime
    status: str = "success"
    source: str = "push"
    name: str | None = None
    is_tag: bool = False
    user: User | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    upstream: Pipeline | None = None
    event_type: str | None = None
    """Of merge requests: `DETACHED`, `MERGED_RESULT` or `MERGE_TRAIN`."""
    jobs: list[Job] = field(default_factory=list)

    @property
    def is_child(self) -> bool:
        """Tells whether a pipeline of the same project started it."""
        return self.source == "parent_pipeline"


@dataclass(eq=False)
class Environment:
    """A place that is deployed to; `Production` and `production` are two."""

    id: int
    name: str
    project: Project
    created_at: datetime
    updated_at: datetime
    tier: str | None = None
    """`production`, `staging`, `testing`, `development`, `other`; null of old versions."""
    state: str = "available"


@dataclass(eq=False, slots=True)
class DeploymentApproval:
    """What someone decided about a deployment that waits."""

    user: User
    status: str
    """`approved` or `rejected`."""
    created_at: datetime
    comment: str | None = None


@dataclass(eq=False, slots=True)
class Deployment:
    """A deployment; without a job it was reported through the API."""

    id: int
    iid: int
    environment: Environment
    sha: str
    ref: str
    created_at: datetime
    updated_at: datetime
    user: User | None
    status: str = "success"
    """`created`, `running`, `success`, `failed`, `canceled`, `skipped` or `blocked`."""
    is_tag: bool = False
    finished_at: datetime | None = None
    job: Job | None = None
    approvals: list[DeploymentApproval] = field(default_factory=list)
    required_approvals: int = 0

    @property
    def pending_approvals(self) -> int:
        """How many approvals it waits for."""
        given = sum(approval.status == "approved" for approval in self.approvals)
        return max(0, self.required_approvals - given)
