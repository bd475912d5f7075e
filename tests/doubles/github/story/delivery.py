"""Deployments, releases and tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.doubles.github.world import (
    Account,
    Deployment,
    DeploymentStatus,
    Environment,
    Release,
    Repository,
    Tag,
    Team,
    World,
)


def deploy(
    world: World,
    repository: Repository,
    creator: Account | None,
    at: datetime,
    environment: str = "production",
    *,
    sha: str | None = None,
    ref: str | None = None,
    task: str = "deploy",
    description: str | None = None,
    payload: dict[str, Any] | str | None = None,
) -> Deployment:
    """Asks for a deployment of a commit, the head if none is named; nothing was reported yet."""
    sha = sha or repository.head or ""
    made = Deployment(
        repository,
        world.new_id(),
        sha,
        ref or repository.default_branch,
        environment,
        creator,
        at,
        at,
        environment,
        task,
        description,
        payload or {},
        environment == "production",
    )
    repository.deployments.append(made)
    if environment not in (known.name for known in repository.environments):
        repository.environments.append(Environment(world.new_id(), environment, at))
    return made


def report(
    world: World,
    deployment: Deployment,
    state: str,
    at: datetime,
    by: Account | None = None,
    *,
    log_url: str = "",
    description: str = "",
) -> DeploymentStatus:
    """Adds a status, such as `success`, with the time it claims."""
    made = DeploymentStatus(
        world.new_id(),
        state,
        at,
        by or deployment.creator,
        deployment.environment,
        description,
        log_url,
    )
    deployment.statuses.append(made)
    deployment.updated_at = max(deployment.updated_at, at)
    return made


def guard(
    repository: Repository,
    environment: str,
    *reviewers: Account | Team,
    is_self_review_prevented: bool = False,
    wait_minutes: int = 0,
    branch_policy: str | None = None,
    branch_patterns: tuple[str, ...] = (),
) -> Environment:
    """Says who must approve what goes to an environment that is known."""
    found = next(known for known in repository.environments if known.name == environment)
    found.reviewers = list(reviewers)
    found.is_self_review_prevented = is_self_review_prevented
    found.wait_minutes = wait_minutes
    found.branch_policy = branch_policy
    found.branch_patterns = list(branch_patterns)
    return found


def tag(
    world: World,
    repository: Repository,
    name: str,
    sha: str | None = None,
    tagged_at: datetime | None = None,
) -> Tag:
    """Tags a commit; with a time the tag is annotated."""
    object_sha = world.new_sha("tag", name) if tagged_at else None
    made = Tag(name, sha or repository.head or "", object_sha, tagged_at)
    repository.tags[name] = made
    return made


def publish(
    world: World,
    repository: Repository,
    author: Account | None,
    at: datetime,
    name: str,
    *,
    sha: str | None = None,
    is_draft: bool = False,
    is_prerelease: bool = False,
) -> Release:
    """Publishes a release of a tag, which is made if it is not there."""
    if name not in repository.tags and not is_draft:
        tag(world, repository, name, sha)
    published_at = None if is_draft else at
    made = Release(
        repository,
        world.new_id(),
        name,
        name,
        author,
        at,
        published_at,
        at,
        is_draft,
        is_prerelease,
    )
    repository.releases.append(made)
    return made
