"""Pipelines that run, are retried, and start others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.doubles.gitlab.world import Job, MergeRequest, Pipeline, Project, User, World


def run(
    world: World,
    project: Project,
    at: datetime,
    *,
    sha: str | None = None,
    ref: str | None = None,
    source: str = "push",
    user: User | None = None,
    jobs: Sequence[str] = ("test",),
    status: str = "success",
    seconds: int = 300,
    is_tag: bool = False,
) -> Pipeline:
    """Runs a pipeline to its end; its last job ends as it does, the others succeed."""
    ref = ref or project.default_branch
    end = at + timedelta(seconds=seconds)
    is_run = status not in ("skipped", "created", "manual")
    made = Pipeline(
        world.new_id(),
        len(project.pipelines) + 1,
        project,
        sha or project.branches[ref],
        ref,
        at,
        end,
        status,
        source,
        is_tag=is_tag,
        user=user,
        started_at=at + timedelta(seconds=5) if is_run else None,
        finished_at=end if is_run and status != "running" else None,
    )
    project.pipelines.append(made)
    for place, name in enumerate(jobs, start=1):
        ended = "success" if is_run and place < len(jobs) else status
        add_job(world, made, name, ended)
    return made


def add_job(
    world: World, pipeline: Pipeline, name: str, status: str = "success", *, stage: str = "test"
) -> Job:
    """Adds a job that ran as long as its pipeline."""
    made = Job(
        world.new_id(),
        name,
        pipeline,
        pipeline.created_at,
        stage,
        status,
        None if status in ("skipped", "created", "manual") else pipeline.started_at,
        None if status in ("skipped", "created", "manual", "running") else pipeline.finished_at,
        pipeline.user,
    )
    pipeline.jobs.append(made)
    return made


def run_for(
    world: World,
    change: MergeRequest,
    at: datetime,
    *,
    jobs: Sequence[str] = ("test",),
    status: str = "success",
    seconds: int = 300,
) -> Pipeline:
    """Runs the pipeline of a merge request for its head."""
    made = run(
        world,
        change.project,
        at,
        sha=change.head_sha,
        ref=f"refs/merge-requests/{change.iid}/head",
        source="merge_request_event",
        user=change.author,
        jobs=jobs,
        status=status,
        seconds=seconds,
    )
    made.event_type = "DETACHED"
    change.pipelines.append(made)
    return made


def retry_job(
    world: World, job: Job, by: User, at: datetime, *, status: str = "success", seconds: int = 60
) -> Job:
    """Runs a job again: a new job of the same name; the old one stays, marked."""
    job.is_retried = True
    pipeline, end = job.pipeline, at + timedelta(seconds=seconds)
    made = Job(world.new_id(), job.name, pipeline, at, job.stage, status, at, end, by)
    pipeline.jobs.append(made)
    stands = [other.status for other in pipeline.jobs if not other.is_retried]
    pipeline.status = "success" if set(stands) <= {"success", "skipped"} else status
    pipeline.finished_at = pipeline.updated_at = end
    return made


def retry(world: World, pipeline: Pipeline, by: User, at: datetime) -> None:
    """Runs all jobs again that did not succeed; number and start stay."""
    for job in list(pipeline.jobs):
        if job.status in ("failed", "canceled") and not job.is_retried:
            retry_job(world, job, by, at)


def trigger(
    world: World,
    upstream: Pipeline,
    at: datetime,
    *,
    project: Project | None = None,
    jobs: Sequence[str] = ("test",),
    status: str = "success",
) -> Pipeline:
    """Starts a pipeline downstream through a bridge, in another project or as a child."""
    target = project or upstream.project
    is_child = target is upstream.project
    made = run(
        world,
        target,
        at,
        sha=upstream.sha if is_child else None,
        ref=upstream.ref if is_child else None,
        source="parent_pipeline" if is_child else "pipeline",
        user=upstream.user,
        jobs=jobs,
        status=status,
    )
    made.upstream = upstream
    bridge = add_job(world, upstream, "downstream", status)
    bridge.is_bridge, bridge.downstream = True, made
    return made
