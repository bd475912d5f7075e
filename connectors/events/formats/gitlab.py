"""GitLab's webhooks: deployments, pipelines and jobs.

https://docs.gitlab.com/user/project/integrations/webhook_events/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from connectors.events.fields import found, items, needed, needed_time, text, time
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.told import Told
from connectors.interface import Json
from data.model import DeploymentStatus, RunResult

_RESULTS = {
    "success": RunResult.SUCCESS,
    "failed": RunResult.FAILURE,
    "canceled": RunResult.CANCELLED,
    "skipped": RunResult.SKIPPED,
}
_STATUSES = {
    "success": DeploymentStatus.SUCCESS,
    "failed": DeploymentStatus.FAILED,
    "canceled": DeploymentStatus.CANCELLED,
}
_TIMES = (
    "status_changed_at",
    "object_attributes.finished_at",
    "object_attributes.created_at",
    "build_finished_at",
    "build_started_at",
)


class GitLab(Format):
    """Deployments, pipelines and jobs."""

    name: ClassVar[str] = "gitlab"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.GITLAB,)
    kept_headers: ClassVar[tuple[str, ...]] = ("x-gitlab-event", "x-gitlab-event-uuid")
    entities: ClassVar[tuple[str, ...]] = ("deployment", "pipeline_run", "task_run")

    def event_id(self, headers: Headers, body: Json) -> str:
        """The id of the delivery and its body: one id may be borne by several hooks of a change."""
        needed(body, "object_kind")
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return f"{needed(headers, 'x-gitlab-event-uuid')}/{digest[:16]}"

    def occurred_at(self, body: Json) -> str | None:
        """When what it is about last changed, where it says so."""
        return next((at for path in _TIMES if (at := time(body, path))), None)

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """What the event of that kind tells."""
        kind = text(event.body, "object_kind")
        if kind == "deployment":
            yield _deployment(prefix, event.body)
        elif kind == "pipeline":
            yield from _pipeline(prefix, event.body)
        elif kind == "build":
            yield _job_event(prefix, event.body)


def _deployment(prefix: str, body: Json) -> Told:
    project, number = _project(body), needed(body, "deployment_id")
    at, version = needed_time(body, "status_changed_at"), text(body, "ref")
    status = _STATUSES.get(needed(body, "status"), DeploymentStatus.RUNNING)
    is_over = status is not DeploymentStatus.RUNNING
    facts = {
        "service": project,
        "repository": project,
        "environment": needed(body, "environment"),
        "sha": _sha(body),
        "version": version,
        "status": status.value,
        "deployed_at": at,
        "attempt": 1,
        "title": f"{project} {version or ''}".strip(),
        "triggered_by": text(body, "user.username"),
        "url": text(body, "deployable_url"),
    }
    first = {} if is_over else {"started_at": at}
    id = f"{prefix}deployment/{project}/{number}"
    return Told("deployment", id, at, facts, first, rank=2 if is_over else 1)


def _pipeline(prefix: str, body: Json) -> Iterator[Told]:
    project, number = _project(body), needed(body, "object_attributes.id")
    result = _RESULTS.get(needed(body, "object_attributes.status"), RunResult.RUNNING)
    created = needed_time(body, "object_attributes.created_at")
    ended = time(body, "object_attributes.finished_at")
    ref = text(body, "object_attributes.ref")
    name = text(body, "object_attributes.name") or ref or project
    is_over = result is not RunResult.RUNNING
    facts = {
        "repository": project,
        "pipeline": name,
        "run": number,
        "attempt": 1,
        "event": text(body, "object_attributes.source"),
        "branch": ref,
        "sha": text(body, "object_attributes.sha"),
        "result": result.value,
        "created_at": created,
        "finished_at": ended if is_over else None,
        "triggered_by": text(body, "user.username"),
        "url": text(body, "object_attributes.url"),
    }
    at = ended if is_over and ended else created
    id = f"{prefix}run/{project}/{number}"
    yield Told("pipeline_run", id, at, facts, rank=2 if is_over else 1)
    for build in items(body, "builds"):
        told = {
            "name": needed(build, "name"),
            "status": needed(build, "status"),
            "environment": text(build, "environment.name"),
            "began": time(build, "started_at"),
            "ended": time(build, "finished_at"),
        }
        yield _job(prefix, project, needed(build, "id"), {"pipeline": name, "run": number}, told)


def _job_event(prefix: str, body: Json) -> Told:
    told = {
        "name": needed(body, "build_name"),
        "status": needed(body, "build_status"),
        "environment": text(body, "environment.name"),
        "began": time(body, "build_started_at"),
        "ended": time(body, "build_finished_at"),
    }
    of = {"pipeline": needed(body, "ref"), "run": needed(body, "pipeline_id")}
    return _job(prefix, _project(body), needed(body, "build_id"), of, told)


def _job(prefix: str, project: str, number: str, of: dict[str, str], told: dict[str, Any]) -> Told:
    result = _RESULTS.get(told["status"], RunResult.RUNNING)
    is_over = result is not RunResult.RUNNING
    facts = {
        **of,
        "repository": project,
        "attempt": 1,
        "name": told["name"],
        "environment": told["environment"],
        "result": result.value,
        "started_at": told["began"],
        "finished_at": told["ended"] if is_over else None,
    }
    at = (told["ended"] if is_over else None) or told["began"] or ""
    return Told("task_run", f"{prefix}job/{project}/{number}", at, facts, rank=2 if is_over else 1)


def _project(body: Json) -> str:
    return text(body, "project.path_with_namespace") or needed(body, "project_name")


def _sha(body: Json) -> str | None:
    """The whole hash, which only the commit's address tells."""
    address = text(body, "commit_url") or ""
    whole = address.rpartition("/commit/")[2] if "/commit/" in address else None
    return whole or text(body, "short_sha") or text(found(body, "commit"), "id")
