"""What the events of CDEvents, GitHub, GitLab, Alertmanager and MLflow become."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.model import (
    Alert,
    Artifact,
    Deployment,
    Incident,
    Model,
    ModelEvent,
    ModelVersion,
    PipelineRun,
    TaskRun,
)
from tests.connectors.events.sent import NOON, Body, Source, cdevent, gaps, only

ELEVEN = NOON - timedelta(hours=1)
DIGEST = "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427"
IMAGE = "pkg:oci/myapp@" + DIGEST.replace(":", "%3A")


def minutes(count: int) -> Any:
    return ELEVEN + timedelta(minutes=count)


# --- CDEvents -----------------------------------------------------------------------------------


@pytest.fixture
def cdevents(tmp_path: Path) -> Source:
    return Source(tmp_path, "cdevents")


def test_a_pipeline_run_of_cdevents(cdevents: Source) -> None:
    content = {"pipelineName": "build", "uri": "https://ci.example/1"}
    cdevents.send(cdevent("pipelinerun.queued", {"id": "1", "content": content}, 0))
    cdevents.send(cdevent("pipelinerun.started", {"id": "1", "content": content}, 1))
    ended = {"id": "1", "content": {**content, "outcome": "error"}}
    cdevents.send(cdevent("pipelinerun.finished", ended, 5))
    run = only(cdevents.read(), PipelineRun)
    assert (run.pipeline, run.result, run.url) == ("build", "failure", "https://ci.example/1")
    assert (run.created_at, run.started_at, run.finished_at) == (ELEVEN, minutes(1), minutes(5))


def test_version_0_4_and_a_cloudevents_envelope_are_read_as_well(cdevents: Source) -> None:
    body = cdevent("taskrun.finished", {
        "id": "t", "type": "taskRun",
        "content": {"taskName": "test", "url": "https://ci.example/t", "outcome": "cancel",
                    "pipelineRun": {"id": "1"}},
    })  # fmt: skip
    body["context"]["version"] = body["context"].pop("specversion")
    body["context"]["type"] = "dev.cdevents.taskrun.finished.0.2.0"
    cdevents.send({"specversion": "1.0", "id": "x", "source": "/x", "type": "y", "data": body})
    task = only(cdevents.read(), TaskRun)
    assert (task.name, task.run, task.result) == ("test", "1", "cancelled")


@pytest.mark.parametrize("what", ["deployed", "upgraded", "rolledback"])
def test_a_service_that_is_deployed(cdevents: Source, what: str) -> None:
    content = {"environment": {"id": "prod"}, "artifactId": f"{IMAGE}?tag=v7&arch=arm64"}
    cdevents.send(cdevent(f"service.{what}", {"id": "shop", "content": content}))
    deployed = only(cdevents.read(), Deployment)
    assert (deployed.service, deployed.environment, deployed.version) == ("shop", "prod", "v7")
    assert (deployed.deployed_at, deployed.status) == (ELEVEN, "success")


def test_an_incident_is_open_again_when_it_is_detected_after_it_was_resolved(
    cdevents: Source,
) -> None:
    content = {"description": "slow", "service": {"id": "shop"}, "environment": {"id": "prod"}}
    subject = {"id": "i-1", "content": content}
    cdevents.send(cdevent("incident.resolved", {"id": "i-1", "content": {}}, 5))
    assert [gap.about for gap in gaps(cdevents.read())] == ["events:inbox#incident//ci/one/i-1"]
    cdevents.send(cdevent("incident.detected", subject, 1))
    incident = only(cdevents.read(), Incident)
    assert (incident.started_at, incident.resolved_at) == (minutes(1), minutes(5))
    assert (incident.title, incident.service) == ("slow", "shop")
    cdevents.send(cdevent("incident.reported", subject, 8))
    incident = only(cdevents.read(), Incident)
    assert (incident.started_at, incident.resolved_at) == (minutes(1), None)


def test_an_artifact_with_a_digest(cdevents: Source) -> None:
    cdevents.send(cdevent("artifact.packaged", {"id": IMAGE, "content": {}}))
    cdevents.send(cdevent("artifact.published", {"id": "pkg:npm/web@1.2.3", "content": {}}))
    artifact = only(cdevents.read(), Artifact)
    assert (artifact.repository, artifact.digest) == ("myapp", DIGEST)


def test_what_no_entity_is_for_tells_nothing(cdevents: Source) -> None:
    cdevents.send(cdevent("branch.created", {"id": "b", "content": {}}))
    cdevents.send(cdevent("pipelinerun.started", {"id": "b"}, type="org.example.thing"))
    assert cdevents.read() == []


# --- GitHub -------------------------------------------------------------------------------------


def status(state: str, minute: int) -> Body:
    at = minutes(minute).isoformat().replace("+00:00", "Z")
    began = ELEVEN.isoformat().replace("+00:00", "Z")
    return {
        "action": "created",
        "deployment": {"id": 7, "sha": "a" * 40, "ref": "v1", "environment": "production",
                       "creator": {"login": "dev-1"}, "created_at": began, "updated_at": began},
        "deployment_status": {"state": state, "created_at": at, "updated_at": at,
                              "target_url": "https://ci.example/7"},
        "repository": {"full_name": "acme/web"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("states", "expected", "minute"),
    [
        (["queued", "in_progress"], "running", 1),
        (["in_progress", "success", "inactive"], "success", 1),
        (["failure", "success"], "success", 1),
        (["success", "failure"], "success", 0),
        (["in_progress", "error"], "failed", 1),
    ],
)
def test_a_deployment_ran_once_a_status_said_so(
    tmp_path: Path, states: list[str], expected: str, minute: int
) -> None:
    source = Source(tmp_path, "github")
    told = list(enumerate(states))
    for number, state in reversed(told):
        source.send(
            status(state, number),
            x_github_event="deployment_status",
            x_github_delivery=f"delivery-{number}",
        )
    deployment = only(source.read(), Deployment)
    assert (deployment.status, deployment.deployed_at) == (expected, minutes(minute))
    assert (deployment.service, deployment.version) == ("acme/web", "v1")
    assert (deployment.started_at, deployment.url) == (ELEVEN, "https://ci.example/7")


def test_a_workflow_run_and_its_jobs(tmp_path: Path) -> None:
    source = Source(tmp_path, "github")
    run = {
        "id": 11, "name": "ci", "run_attempt": 2, "event": "push", "head_branch": "main",
        "head_sha": "b" * 40, "status": "in_progress", "conclusion": None,
        "created_at": "2026-11-01T11:00:00Z", "run_started_at": "2026-11-01T11:00:05Z",
        "updated_at": "2026-11-01T11:00:06Z", "html_url": "https://github.example/11",
        "triggering_actor": {"login": "dev-1"},
    }  # fmt: skip
    over = {"status": "completed", "conclusion": "timed_out", "updated_at": "2026-11-01T11:09:00Z"}
    of = {"repository": {"full_name": "acme/web"}}
    for number, told in enumerate((run | over, run)):
        source.send(
            {"workflow_run": told, **of},
            x_github_event="workflow_run",
            x_github_delivery=f"r{number}",
        )
    job = {
        "id": 5, "run_id": 11, "run_attempt": 2, "name": "test", "workflow_name": "ci",
        "status": "completed", "conclusion": "skipped", "created_at": "2026-11-01T11:00:05Z",
        "started_at": "2026-11-01T11:01:00Z", "completed_at": "2026-11-01T11:02:00Z",
    }  # fmt: skip
    source.send({"workflow_job": job, **of}, x_github_event="workflow_job", x_github_delivery="j")
    source.send({"zen": "…", **of}, x_github_event="ping", x_github_delivery="p")
    rows = source.read()
    found, task = only(rows, PipelineRun), only(rows, TaskRun)
    assert (found.run, found.attempt, found.result) == ("11", 2, "failure")
    assert found.finished_at == minutes(9)
    assert (task.run, task.attempt, task.pipeline, task.result) == ("11", 2, "ci", "skipped")


# --- GitLab -------------------------------------------------------------------------------------


def test_a_deployment_and_a_pipeline_of_gitlab(tmp_path: Path) -> None:
    source = Source(tmp_path, "gitlab")
    project = {"path_with_namespace": "acme/web"}
    deployment = {
        "object_kind": "deployment", "deployment_id": 15, "environment": "staging", "ref": "v2",
        "short_sha": "279484c0", "project": project, "user": {"username": "dev-1"},
        "commit_url": f"https://gitlab.example/acme/web/-/commit/{'c' * 40}",
    }  # fmt: skip
    for minute, told in ((5, "success"), (1, "running")):
        at = minutes(minute).strftime("%Y-%m-%d %H:%M:%S UTC")
        source.send(
            {**deployment, "status": told, "status_changed_at": at}, x_gitlab_event_uuid="u-1"
        )
    build = {"id": 380, "stage": "test", "name": "unit", "status": "failed",
             "started_at": "2026-11-01 20:01:00 +0900", "finished_at": "2026-11-01 20:02:00 +0900",
             "environment": None}  # fmt: skip
    attributes = {
        "id": 31, "ref": "main", "sha": "d" * 40, "source": "push", "status": "failed",
        "created_at": "2026-11-01 11:00:00 UTC", "finished_at": "2026-11-01 11:03:00 UTC",
    }  # fmt: skip
    pipeline = {"object_kind": "pipeline", "object_attributes": attributes, "project": project}
    source.send({**pipeline, "builds": [build]}, x_gitlab_event_uuid="u-2")
    rows = source.read()
    deployed, run, task = only(rows, Deployment), only(rows, PipelineRun), only(rows, TaskRun)
    assert (deployed.status, deployed.deployed_at) == ("success", minutes(5))
    assert (deployed.started_at, deployed.sha) == (minutes(1), "c" * 40)
    assert (run.pipeline, run.result, run.finished_at) == ("main", "failure", minutes(3))
    assert (task.run, task.name, task.started_at) == ("31", "unit", minutes(1))


# --- Alertmanager -------------------------------------------------------------------------------


def alert(status: str = "firing", minute: int = 0, **more: object) -> Body:
    never = "0001-01-01T00:00:00Z"
    return {
        "status": status,
        "labels": {"alertname": "Slow", "service": "shop", "severity": "page"},
        "annotations": {"summary": "it is slow"},
        "startsAt": "2026-11-01T11:00:00.123456789Z",
        "endsAt": minutes(minute).isoformat() if status == "resolved" else never,
        "fingerprint": "1a30ba71cca2921f",
        "generatorURL": "https://prometheus.example/graph",
        **more,
    }


def test_an_alert_fires_and_is_resolved_once_however_often_it_is_told(tmp_path: Path) -> None:
    source = Source(tmp_path, "alertmanager")
    for body in ({"alerts": [alert()]}, {"alerts": [alert("resolved", 30)]}, {"alerts": [alert()]}):
        source.send(body)
        rows = source.read()
    found = only(rows, Alert)
    assert (found.name, found.service, found.severity) == ("Slow", "shop", "page")
    assert (found.resolved_at, found.firing_until_at) == (minutes(30), NOON)
    assert found.started_at == ELEVEN.replace(microsecond=123456)


def test_alerts_that_a_notification_left_out_are_a_gap(tmp_path: Path) -> None:
    source = Source(tmp_path, "alertmanager")
    source.send({"alerts": [alert()], "truncatedAlerts": 3})
    (gap,) = gaps(source.read())
    assert (gap.reason, gap.count) == ("truncated", 3)


# --- MLflow -------------------------------------------------------------------------------------


def hook(entity: str, action: str, minute: int = 0, **data: object) -> Body:
    told = {"name": "churn", **data}
    at = minutes(minute).isoformat()
    return {"entity": entity, "action": action, "timestamp": at, "data": told}


def test_what_happens_to_a_model_has_its_exact_time_and_nobody_who_did_it(tmp_path: Path) -> None:
    source = Source(tmp_path, "mlflow")
    bodies = [
        hook("registered_model", "created", 0, description="who leaves"),
        hook("model_version", "created", 1, version="3", source="s3://u:p@b/m", description=None),
        hook("model_version_alias", "created", 2, alias="champion", version="3"),
        hook("model_version_tag", "set", 3, version="3", key="approved", value="yes"),
        hook("model_version_tag", "deleted", 4, version="3", key="approved"),
        hook("model_version_alias", "deleted", 5, alias="champion"),
        hook("model_version", "created", 6, version="1") | {"data": {"name": "example_model"}},
        hook("prompt", "created", 7),
    ]
    for number, body in enumerate([*bodies, bodies[2]]):
        source.send(body, x_mlflow_delivery_id=f"d-{number}")
    rows = source.read()
    assert only(rows, Model).description == "who leaves"
    assert only(rows, ModelVersion).artifact == "s3://b/m"
    events = [row for row in rows if isinstance(row, ModelEvent)]
    assert [(e.kind, e.version, e.name, e.value) for e in events] == [
        ("created", None, None, None),
        ("created", "3", None, None),
        ("alias", "3", "champion", None),
        ("tag", "3", "approved", "yes"),
        ("tag", "3", "approved", None),
        ("alias", None, "champion", None),
    ]
    assert {e.actor for e in events} == {None}
    assert [e.occurred_before_at for e in events] == [minutes(n) for n in range(6)]
    assert all(e.occurred_after_at == e.occurred_before_at for e in events)
    assert not gaps(rows)
