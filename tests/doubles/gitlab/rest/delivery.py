"""Pipelines, jobs, environments and deployments."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.rest.routing import of_project
from tests.doubles.gitlab.shapes import changes, delivery
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Deployment, Environment, Job, Pipeline, Project
from tests.doubles.host import Given, Problem

BY: dict[str, Any] = {
    "id": lambda item: item.id,
    "iid": lambda item: item.id,
    "created_at": lambda item: item.id,
    "updated_at": lambda item: item.updated_at,
    "status": lambda item: item.status,
    "ref": lambda item: item.ref,
    "finished_at": lambda item: (item.finished_at is not None, item.finished_at),
}


@of_project("/pipelines")
def pipelines(view: View, project: Project) -> Given:
    """Lists the pipelines, newest first; children only if asked for."""
    found = shown_pipelines(project, view.param("source"))
    for name in ("status", "ref", "sha", "name"):
        if view.param(name):
            found = [run for run in found if getattr(run, name) == view.param(name)]
    return view.listed(view.sort(view.updated(found), BY, "id"), delivery.pipeline)


def shown_pipelines(project: Project, source: str | None) -> list[Pipeline]:
    """Picks the pipelines that a list shows: without a source, no child of another."""
    if source:
        return [run for run in project.pipelines if run.source == source]
    return [run for run in project.pipelines if not run.is_child]


@of_project("/pipelines/{number}")
def pipeline(view: View, project: Project, number: str) -> Given:
    """Shows a pipeline."""
    return Given(delivery.full_pipeline(view, _pipeline(project, number)))


@of_project("/pipelines/{number}/jobs")
def jobs_of_pipeline(view: View, project: Project, number: str) -> Given:
    """Lists the jobs of a pipeline, newest first; retried ones only if asked for."""
    has_retried = view.flag("include_retried")
    known = _pipeline(project, number).jobs
    found = [job for job in known if not job.is_bridge and (has_retried or not job.is_retried)]
    return view.listed(found[::-1], delivery.job)


@of_project("/pipelines/{number}/bridges")
def bridges(view: View, project: Project, number: str) -> Given:
    """Lists what a pipeline started downstream."""
    found = [job for job in _pipeline(project, number).jobs if job.is_bridge]
    return view.listed(found[::-1], delivery.bridge)


@of_project("/jobs")
def jobs(view: View, project: Project) -> Given:
    """Lists all jobs of a project, newest first."""
    found = [job for run in project.pipelines for job in run.jobs if not job.is_bridge]
    found.sort(key=lambda job: job.id, reverse=True)
    return view.listed(found, delivery.job, keyset=lambda job: job.id, kind="Ci::Build")


@of_project("/jobs/{number}")
def job(view: View, project: Project, number: str) -> Given:
    """Shows a job."""
    found = (job for run in project.pipelines for job in run.jobs)
    return Given(delivery.job(view, _numbered(found, number)))


@of_project("/environments")
def environments(view: View, project: Project) -> Given:
    """Lists the environments."""
    found = sorted(project.environments, key=lambda place: place.name)
    if view.param("name"):
        found = [place for place in found if place.name == view.param("name")]
    if view.param("states"):
        found = [place for place in found if place.state == view.param("states")]
    return view.listed(found, delivery.environment)


@of_project("/environments/{number}")
def environment(view: View, project: Project, number: str) -> Given:
    """Shows an environment."""
    found: Environment = _numbered(project.environments, number)
    return Given(delivery.environment(view, found))


@of_project("/deployments")
def deployments(view: View, project: Project) -> Given:
    """Lists the deployments, oldest first unless asked otherwise."""
    _pair(view)
    found = view.updated(project.deployments)
    after, before = view.time_param("finished_after"), view.time_param("finished_before")
    if after:
        found = [shown for shown in found if shown.finished_at and shown.finished_at >= after]
    if before:
        found = [shown for shown in found if shown.finished_at and shown.finished_at <= before]
    if view.param("environment"):
        found = [d for d in found if d.environment.name == view.param("environment")]
    if view.param("status"):
        found = [shown for shown in found if shown.status == view.param("status")]
    return view.listed(view.sort(found, BY, "id", "asc"), delivery.deployment)


def _pair(view: View) -> None:
    """Refuses filters without their order, as GitLab does to keep its queries cheap."""
    order = view.param("order_by")
    is_finished = bool(view.param("finished_after") or view.param("finished_before"))
    is_updated = bool(view.param("updated_after") or view.param("updated_before"))
    if is_finished and is_updated:
        what = "Both `updated_at` filter and `finished_at` filter can not be specified"
    elif is_finished != (order == "finished_at"):
        what = "`finished_at` filter and `finished_at` sorting must be paired"
    elif is_finished and view.param("status") != "success":
        what = "`finished_at` filter must be combined with `success` status filter."
    elif is_updated and order != "updated_at":
        what = "`updated_at` filter and `updated_at` sorting must be paired"
    else:
        return
    raise Problem(400, f"400 Bad request - {what}")


@of_project("/deployments/{number}")
def deployment(view: View, project: Project, number: str) -> Given:
    """Shows a deployment, with its approvals where the plan has them."""
    found: Deployment = _numbered(project.deployments, number)
    return Given(delivery.full_deployment(view, found))


@of_project("/deployments/{number}/merge_requests")
def changes_of_deployment(view: View, project: Project, number: str) -> Given:
    """Lists the merge requests a deployment brought, since the one before it."""
    shown: Deployment = _numbered(project.deployments, number)
    before = [
        other
        for other in project.deployments
        if other.environment is shown.environment
        and other.status == "success"
        and other.id < shown.id
    ]
    known = {one.sha for one in project.history(before[-1].sha)} if before else set()
    brought = {one.sha for one in project.history(shown.sha)} - known
    found = [
        change
        for change in project.merge_requests.values()
        if (change.merge_commit_sha or change.squash_commit_sha or change.head_sha) in brought
        and change.state == "merged"
    ]
    return view.listed(found, changes.merge_request)


def _pipeline(project: Project, number: str) -> Pipeline:
    found: Pipeline = _numbered(project.pipelines, number)
    return found


def _numbered(items: Any, number: str) -> Any:
    found: Job | Environment | Deployment | Pipeline | None = next(
        (item for item in items if str(item.id) == number), None
    )
    if found is None:
        raise Problem(404, "404 Not found")
    return found
