"""GitHub's webhooks: deployments with their statuses, workflow runs and jobs.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from connectors.events.fields import found, needed, needed_time, text, time
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.row import row_of
from connectors.events.told import Told
from connectors.interface import Json
from data.model import DeploymentStatus, Record, RunResult

_RESULTS = {
    "success": RunResult.SUCCESS,
    "neutral": RunResult.SUCCESS,
    "failure": RunResult.FAILURE,
    "timed_out": RunResult.FAILURE,
    "startup_failure": RunResult.FAILURE,
    "action_required": RunResult.FAILURE,
    "cancelled": RunResult.CANCELLED,
    "stale": RunResult.CANCELLED,
    "skipped": RunResult.SKIPPED,
}
_FAILED = ("failure", "error")
_DEPLOYMENT = "attempt"
"""A deployment, before it is known how it ended."""


class GitHub(Format):
    """Deployments, runs and jobs."""

    name: ClassVar[str] = "github"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.HUB,)
    kept_headers: ClassVar[tuple[str, ...]] = ("x-github-event", "x-github-delivery")
    entities: ClassVar[tuple[str, ...]] = ("deployment", "pipeline_run", "task_run")

    def event_id(self, headers: Headers, body: Json) -> str:  # noqa: ARG002
        """The id of the delivery, which a redelivery bears as well."""
        needed(headers, "x-github-event")
        return needed(headers, "x-github-delivery")

    def occurred_at(self, body: Json) -> str | None:
        """When what it is about was last changed, where it says so."""
        for about in ("deployment_status", "deployment", "workflow_run"):
            if found(body, about) is not None:
                return time(body, f"{about}.updated_at")
        return time(body, "workflow_job.completed_at") or time(body, "workflow_job.started_at")

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """What the event of that name tells."""
        body, name = event.body, event.headers.get("x-github-event")
        if name in ("deployment", "deployment_status"):
            yield _deployment(prefix, body)
        elif name == "workflow_run":
            yield _run(prefix, body)
        elif name == "workflow_job":
            yield _job(prefix, body)

    def row(self, kind: str, id: str, source: str, facts: Mapping[str, Json]) -> Record | None:
        """Once a status says success the version ran; what is told later does not undo that."""
        if kind != _DEPLOYMENT:
            return super().row(kind, id, source, facts)
        ended = {
            DeploymentStatus.SUCCESS: facts.get("succeeded_at"),
            DeploymentStatus.FAILED: facts.get("failed_at"),
            DeploymentStatus.RUNNING: facts.get("running_at"),
        }
        status, at = next((one for one in ended.items() if one[1]), (None, None))
        if status is None:
            return None
        known = {**facts, "status": status.value, "deployed_at": at}
        return row_of("deployment", id, source, known)


def _deployment(prefix: str, body: Json) -> Told:
    repository, number = needed(body, "repository.full_name"), needed(body, "deployment.id")
    version = text(body, "deployment.ref")
    facts: dict[str, Any] = {
        "service": repository,
        "repository": repository,
        "environment": needed(body, "deployment.environment"),
        "sha": text(body, "deployment.sha"),
        "version": version,
        "started_at": needed_time(body, "deployment.created_at"),
        "attempt": 1,
        "title": f"{repository} {version or ''}".strip(),
        "triggered_by": text(body, "deployment.creator.login"),
    }
    first: dict[str, Any] = {}
    if found(body, "deployment_status") is None:
        at, state = needed_time(body, "deployment.created_at"), "queued"
    else:
        at, state = needed_time(body, "deployment_status.created_at"), None
        state = needed(body, "deployment_status.state")
        url = text(body, "deployment_status.log_url") or text(body, "deployment_status.target_url")
        facts |= {"url": url} if url else {}
    if state == "success":
        first["succeeded_at"] = at
    elif state in _FAILED:
        facts["failed_at"] = at
    elif state != "inactive":
        facts["running_at"] = at
    return Told(_DEPLOYMENT, f"{prefix}deployment/{repository}/{number}", at, facts, first)


def _run(prefix: str, body: Json) -> Told:
    repository, number = needed(body, "repository.full_name"), needed(body, "workflow_run.id")
    attempt, at = _attempt(body, "workflow_run"), needed_time(body, "workflow_run.updated_at")
    is_over = text(body, "workflow_run.status") == "completed"
    facts = {
        "repository": repository,
        "pipeline": needed(body, "workflow_run.name"),
        "run": number,
        "attempt": attempt,
        "event": text(body, "workflow_run.event"),
        "branch": text(body, "workflow_run.head_branch"),
        "sha": text(body, "workflow_run.head_sha"),
        "result": _result(body, "workflow_run", is_over=is_over),
        "created_at": needed_time(body, "workflow_run.created_at"),
        "started_at": time(body, "workflow_run.run_started_at"),
        "finished_at": at if is_over else None,
        "triggered_by": text(body, "workflow_run.triggering_actor.login"),
        "url": text(body, "workflow_run.html_url"),
    }
    id = f"{prefix}run/{repository}/{number}/{attempt}"
    return Told("pipeline_run", id, at, facts, rank=2 if is_over else 1)


def _job(prefix: str, body: Json) -> Told:
    repository, number = needed(body, "repository.full_name"), needed(body, "workflow_job.id")
    is_over = text(body, "workflow_job.status") == "completed"
    began, ended = time(body, "workflow_job.started_at"), time(body, "workflow_job.completed_at")
    facts = {
        "repository": repository,
        "pipeline": text(body, "workflow_job.workflow_name") or needed(body, "workflow_job.name"),
        "run": needed(body, "workflow_job.run_id"),
        "attempt": _attempt(body, "workflow_job"),
        "name": needed(body, "workflow_job.name"),
        "result": _result(body, "workflow_job", is_over=is_over),
        "started_at": began,
        "finished_at": ended if is_over else None,
        "url": text(body, "workflow_job.html_url"),
    }
    at = (ended if is_over else began) or time(body, "workflow_job.created_at") or ""
    id = f"{prefix}job/{repository}/{number}"
    return Told("task_run", id, at, facts, rank=2 if is_over else 1)


def _attempt(body: Json, about: str) -> int:
    told = found(body, f"{about}.run_attempt")
    return told if isinstance(told, int) and not isinstance(told, bool) else 1


def _result(body: Json, about: str, *, is_over: bool) -> str:
    if not is_over:
        return RunResult.RUNNING.value
    return _RESULTS.get(needed(body, f"{about}.conclusion"), RunResult.FAILURE).value
