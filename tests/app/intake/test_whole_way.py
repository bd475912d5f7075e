"""From what a sender posts to the running server to the rows that a sync makes of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.app.intake.bare import taking
from tests.app.intake.sending import (
    Sender,
    Signed,
    bearer,
    gitlab,
    hub,
    mlflow,
    post,
    rows,
    source,
    synced,
)
from tests.connectors.events.sent import Body, cdevent, lineage
from tests.connectors.events.test_formats import alert, hook, status

GITLAB: Body = {
    "object_kind": "deployment", "deployment_id": 15, "environment": "staging", "status": "success",
    "project": {"path_with_namespace": "acme/web"}, "status_changed_at": "2026-11-01 11:00:00 UTC",
}  # fmt: skip
RELEASE: Body = {"key": "r-1", "service": "shop", "at": "2026-11-01T11:00:00Z"}
DEPLOYED: Body = {"id": "shop", "content": {"environment": {"id": "prod"}, "artifactId": "pkg:x@1"}}
POSTED: dict[str, tuple[Body, Signed, str]] = {
    "openlineage": (lineage("COMPLETE"), bearer, "pipeline_run"),
    "cdevents": (cdevent("service.deployed", DEPLOYED), bearer, "deployment"),
    "github": (status("success", 1), hub, "deployment"),
    "gitlab": (GITLAB, gitlab, "deployment"),
    "alertmanager": ({"alerts": [alert()]}, bearer, "alert"),
    "mlflow": (hook("registered_model", "created"), mlflow, "model"),
    "json": (RELEASE, bearer, "deployment"),
}


def configured(folder: Path, *sources: str) -> Path:
    (folder / "cairn.toml").write_text("".join(sources), encoding="utf-8")
    return folder


def runs(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "select run, result from pipeline_run order by run")


def test_what_each_sender_posts_becomes_its_rows(tmp_path: Path) -> None:
    folder = configured(tmp_path, *map(source, POSTED))
    with taking(folder) as server, closing(Sender(server.host)) as sender:
        for name, (body, signed, _) in POSTED.items():
            assert sender.post(name, body, signed).status == 202, name
    synced(folder)
    for name, (_, _, entity) in POSTED.items():
        query = f"select count(*) from {entity} where source = '{name}'"
        assert rows(folder, query) == [(1,)], name
    assert rows(folder, "select what from gap") == []


def test_an_event_of_the_future_is_a_gap_of_its_own(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    ahead = {**lineage("START", "ahead"), "eventTime": tomorrow.isoformat()}
    with taking(folder) as server, closing(Sender(server.host)) as sender:
        for body in (ahead, lineage("START", "now")):
            assert sender.post("openlineage", body).status == 202
    synced(folder)
    assert runs(folder) == [("now", "running")]
    ((reason, what),) = rows(folder, "select reason, what from gap")
    assert reason == "clock"
    assert "ahead/" in what


def test_events_that_come_in_the_wrong_order_and_in_several_syncs_are_one_run(
    tmp_path: Path,
) -> None:
    folder = configured(tmp_path, source("openlineage"))
    with taking(folder) as server:
        for what, minute in (("FAIL", 9), ("RUNNING", 4), ("START", 0)):
            # The server closes a connection that says nothing while a sync takes its time.
            sent = post(server.host, "openlineage", lineage(what, "r", minute))
            assert sent.status == 202
            synced(folder)
    query = "select result, finished_at - started_at from pipeline_run"
    assert rows(folder, query) == [("failure", timedelta(minutes=9))]


def test_all_that_was_sent_is_read_again_when_the_settings_change_its_meaning(
    tmp_path: Path,
) -> None:
    told = source("json", more='id = "key"')
    folder = configured(tmp_path, told)
    with taking(folder) as server, closing(Sender(server.host)) as sender:
        for number in range(3):
            assert sender.post("json", {**RELEASE, "key": f"r-{number}"}).status == 202
    synced(folder)
    query = "select environment, count(*) from deployment group by all"
    assert rows(folder, query) == [("production", 3)]
    configured(folder, told.replace('environment = "production"', 'environment = "staging"'))
    synced(folder)
    assert rows(folder, query) == [("staging", 3)]
