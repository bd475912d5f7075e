"""Deployments and the environments they reach."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from tests.doubles.gitlab.story.ci import add_job
from tests.doubles.gitlab.world import (
    Access,
    ApprovalDemand,
    Deployment,
    DeploymentApproval,
    Environment,
    Pipeline,
    Project,
    ProtectedEnvironment,
    User,
    World,
)

_TIERS = (
    (r"(?i)prod|live", "production"),
    (r"(?i)stag|stg|model|pre|demo", "staging"),
    (r"(?i)test|tst|int|ac(ce|)pt|qa|qc|control|quality", "testing"),
    (r"(?i)dev|review|trunk", "development"),
)
_FINAL = ("success", "failed", "canceled", "skipped")


def environment(
    world: World, project: Project, name: str, at: datetime, *, tier: str | None = None
) -> Environment:
    """Returns an environment; made on first mention with the tier GitLab reads from its name."""
    for known in project.environments:
        if known.name == name:
            return known
    guessed = next((tier for words, tier in _TIERS if re.search(words, name)), "other")
    made = Environment(world.new_id(), name, project, at, at, tier or guessed)
    project.environments.append(made)
    return made


def deploy(
    world: World,
    project: Project,
    to: str,
    at: datetime,
    user: User | None,
    *,
    sha: str | None = None,
    ref: str | None = None,
    status: str = "success",
    seconds: int = 120,
    pipeline: Pipeline | None = None,
    required_approvals: int = 0,
    is_tag: bool = False,
) -> Deployment:
    """Deploys; with a pipeline through a job of it, else reported through the API."""
    ref = ref or project.default_branch
    is_final = status in _FINAL
    end = at + timedelta(seconds=seconds if is_final else 0)
    job = (
        add_job(world, pipeline, f"deploy-{to}", _job(status), stage="deploy") if pipeline else None
    )
    if job is not None:
        job.started_at = None if status in ("created", "blocked", "skipped") else at
        job.finished_at, job.created_at = end if is_final else None, at
    made = Deployment(
        world.new_id(),
        len(project.deployments) + 1,
        environment(world, project, to, at),
        sha or project.branches[ref],
        ref,
        at,
        end,
        user,
        status,
        is_tag,
        end if is_final else None,
        job,
        required_approvals=required_approvals,
    )
    project.deployments.append(made)
    return made


def finish(deployment: Deployment, status: str, at: datetime) -> None:
    """Ends a deployment that was created, waited or ran."""
    deployment.status, deployment.updated_at = status, at
    deployment.finished_at = at if status in _FINAL else None
    if deployment.job is not None:
        deployment.job.status, deployment.job.finished_at = _job(status), deployment.finished_at
        deployment.job.started_at = deployment.job.started_at or at


def decide(
    deployment: Deployment,
    by: User,
    at: datetime,
    status: str = "approved",
    comment: str | None = None,
) -> None:
    """Approves or rejects a deployment that waits; with all approvals it may run."""
    deployment.approvals.append(DeploymentApproval(by, status, at, comment))
    deployment.updated_at = at
    if status == "rejected":
        finish(deployment, "failed", at)
    elif deployment.status == "blocked" and not deployment.pending_approvals:
        deployment.status = "created"


def guard(
    world: World, project: Project, name: str, *, approvals: int = 1, levels: Iterable[int] = (40,)
) -> ProtectedEnvironment:
    """Protects an environment: who may deploy, and how many must approve."""
    may = [Access(world.new_id(), level) for level in levels]
    demands = [ApprovalDemand(world.new_id(), approvals)] if approvals else []
    project.protected_environments.append(ProtectedEnvironment(name, may, demands))
    return project.protected_environments[-1]


def _job(status: str) -> str:
    return {"blocked": "manual"}.get(status, status)
