"""How GitLab shows pipelines, jobs, environments and deployments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.doubles.gitlab.shapes.code import commit
from tests.doubles.gitlab.shapes.people import account, actor
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Deployment, Environment, Job, Pipeline


def pipeline(view: View, run: Pipeline) -> dict[str, Any]:
    """Shows a pipeline as it is in a list: nothing says when it began or ended."""
    return {
        "id": run.id,
        "iid": run.iid,
        "project_id": run.project.id,
        "sha": run.sha,
        "ref": run.ref,
        "status": run.status,
        "source": run.source,
        "created_at": view.moment(run.created_at),
        "updated_at": view.moment(run.updated_at),
        "web_url": f"{view.host}/{run.project.full_path}/-/pipelines/{run.id}",
    }


def full_pipeline(view: View, run: Pipeline) -> dict[str, Any]:
    """Shows a pipeline as it is alone."""
    return {
        **pipeline(view, run),
        "name": run.name,
        "before_sha": "0" * 40,
        "tag": run.is_tag,
        "yaml_errors": None,
        "user": actor(view, run.user),
        "started_at": view.moment(run.started_at),
        "finished_at": view.moment(run.finished_at),
        "committed_at": None,
        "duration": _whole(run.started_at, run.finished_at),
        "queued_duration": _whole(run.created_at, run.started_at),
        "coverage": None,
    }


def basic_job(view: View, job: Job) -> dict[str, Any]:
    """Shows what jobs and bridges have in common."""
    run = job.pipeline
    return {
        "id": job.id,
        "status": job.status,
        "stage": job.stage,
        "name": job.name,
        "ref": run.ref,
        "tag": run.is_tag,
        "coverage": None,
        "allow_failure": job.is_allowed_to_fail,
        "created_at": view.moment(job.created_at),
        "started_at": view.moment(job.started_at),
        "finished_at": view.moment(job.finished_at),
        "erased_at": None,
        "duration": _seconds(job.started_at, job.finished_at),
        "queued_duration": _seconds(job.created_at, job.started_at),
        "user": actor(view, job.user),
        "commit": commit(view, run.project, run.project.commits[run.sha]),
        "pipeline": pipeline(view, run),
        "web_url": f"{view.host}/{run.project.full_path}/-/jobs/{job.id}",
        "project": {"ci_job_token_scope_enabled": False},
    }


def job(view: View, job: Job) -> dict[str, Any]:
    """Shows a job."""
    return {
        **basic_job(view, job),
        "artifacts": [],
        "runner": None,
        "runner_manager": None,
        "artifacts_expire_at": None,
        "archived": False,
        "tag_list": [],
    }


def bridge(view: View, job: Job) -> dict[str, Any]:
    """Shows a job that starts another pipeline."""
    downstream = pipeline(view, job.downstream) if job.downstream else None
    return {**basic_job(view, job), "downstream_pipeline": downstream}


def basic_environment(view: View, place: Environment) -> dict[str, Any]:
    """Shows an environment within a deployment: without its tier."""
    return {
        "id": place.id,
        "name": place.name,
        "slug": place.name.lower().replace("/", "-"),
        "external_url": None,
        "created_at": view.moment(place.created_at),
        "updated_at": view.moment(place.updated_at),
    }


def environment(view: View, place: Environment) -> dict[str, Any]:
    """Shows an environment."""
    return {
        **basic_environment(view, place),
        "tier": place.tier,
        "state": place.state,
        "auto_stop_at": None,
        "description": None,
        "auto_stop_setting": "always",
    }


def deployment(view: View, shown: Deployment) -> dict[str, Any]:
    """Shows a deployment as it is in a list: nothing says who approved it."""
    return {
        "id": shown.id,
        "iid": shown.iid,
        "ref": shown.ref,
        "sha": shown.sha,
        "created_at": view.moment(shown.created_at),
        "updated_at": view.moment(shown.updated_at),
        "user": actor(view, shown.user),
        "environment": basic_environment(view, shown.environment),
        "deployable": job(view, shown.job) if shown.job else None,
        "status": shown.status,
    }


def full_deployment(view: View, shown: Deployment) -> dict[str, Any]:
    """Shows a deployment as it is alone."""
    if shown.environment.project.plan == "free":
        return deployment(view, shown)
    given = [
        {
            "user": account(view, approval.user),
            "status": approval.status,
            "created_at": view.moment(approval.created_at),
            "comment": approval.comment,
        }
        for approval in shown.approvals
    ]
    return {
        **deployment(view, shown),
        "pending_approval_count": shown.pending_approvals,
        "approvals": given,
    }


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


def _whole(start: datetime | None, end: datetime | None) -> int | None:
    seconds = _seconds(start, end)
    return None if seconds is None else int(seconds)
