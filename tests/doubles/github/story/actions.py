"""Runs of workflows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.github.world import Account, Attempt, Job, Repository, Run, Workflow, World


def run(
    world: World,
    repository: Repository,
    actor: Account | None,
    at: datetime,
    workflow: str = "CI",
    *,
    event: str = "push",
    branch: str | None = None,
    sha: str | None = None,
    jobs: Sequence[str] = ("build",),
    title: str = "Change something",
) -> Run:
    """Starts a run; its jobs are under way."""
    defined = _workflow(world, repository, workflow, at)
    defined.run_count += 1
    made = Run(
        repository,
        world.new_id(),
        defined,
        defined.run_count,
        event,
        branch or repository.default_branch,
        sha or repository.head or "",
        actor,
        at,
        title,
    )
    made.attempts.append(_attempt(world, 1, actor, at, jobs))
    repository.runs.append(made)
    return made


def finish(made: Run, at: datetime, conclusion: str = "success", **jobs: str) -> Run:
    """Ends the latest attempt.

    Args:
        made: the run.
        at: when.
        conclusion: of the attempt, and of each job but those that are named.
        jobs: conclusions of single jobs by name.
    """
    attempt = made.latest
    attempt.status, attempt.conclusion, attempt.updated_at = "completed", conclusion, at
    for job in attempt.jobs:
        job.status, job.conclusion = "completed", jobs.get(job.name, conclusion)
        job.completed_at = at
    return made


def rerun(world: World, made: Run, by: Account | None, at: datetime) -> Attempt:
    """Starts the run again: another attempt of the same run."""
    names = [job.name for job in made.latest.jobs]
    made.attempts.append(_attempt(world, len(made.attempts) + 1, by, at, names))
    return made.latest


def _attempt(
    world: World, number: int, actor: Account | None, at: datetime, jobs: Sequence[str]
) -> Attempt:
    started = [Job(world.new_id(), name, at, "in_progress", None, at) for name in jobs]
    return Attempt(number, actor, at, at, "in_progress", None, started)


def _workflow(world: World, repository: Repository, name: str, at: datetime) -> Workflow:
    for known in repository.workflows:
        if known.name == name:
            return known
    path = f".github/workflows/{name.lower().replace(' ', '-')}.yml"
    repository.workflows.append(Workflow(world.new_id(), name, path, at))
    return repository.workflows[-1]
