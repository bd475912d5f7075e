"""Whatever an event says, it becomes rows or a gap, and the others stand."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connectors.events.fields import Misfit
from connectors.events.formats.known import FormatName
from connectors.rebuild import mapped
from data.model import PipelineRun
from data.store.working import tables_of
from tests.connectors.events.sent import Body, Source, cdevent, gaps, lineage, only
from tests.connectors.events.test_formats import alert, hook, status
from tests.connectors.events.test_generic import DEPLOYMENTS, RELEASE

SAMPLES: dict[str, tuple[Body, dict[str, str]]] = {
    "openlineage": (lineage("COMPLETE"), {}),
    "cdevents": (cdevent("incident.detected", {"id": "i", "content": {"description": "x"}}), {}),
    "github": (status("success", 1),
               {"x_github_event": "deployment_status", "x_github_delivery": "d"}),
    "gitlab": ({"object_kind": "deployment", "deployment_id": 15, "environment": "staging",
                "project": {"path_with_namespace": "acme/web"}, "status": "success",
                "status_changed_at": "2026-11-01 11:00:00 UTC"}, {"x_gitlab_event_uuid": "u"}),
    "alertmanager": ({"alerts": [alert()], "truncatedAlerts": 0}, {}),
    "mlflow": (hook("model_version_tag", "set", version="3", key="k", value="v"),
               {"x_mlflow_delivery_id": "d"}),
    "json": (RELEASE, {}),
}  # fmt: skip

ODD = some.sampled_from(
    [None, "", [], {}, True, -1, 10**30, 1e308, "\ud800", "a\0b", "9999-12-31T23:59:59-14:00",
     "0001-01-01T00:00:00+14:00", [[]], {"": None}, "x" * 5000, "<script>", "é🚀"]
)  # fmt: skip


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = body.items() if isinstance(body, dict) else enumerate(body)
    found = [path] if path else []
    for step, value in inside:
        deeper = isinstance(value, dict | list)
        found += places(value, (*path, step)) if deeper else [(*path, step)]
    return found


def put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(body))
    node = copy
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return copy


def test_every_format_has_a_sample() -> None:
    assert set(SAMPLES) == {name.value for name in FormatName}


@pytest.mark.parametrize("format", SAMPLES)
@settings(max_examples=60)
@given(data=some.data(), odd=ODD)
def test_an_odd_field_is_told_and_stored(format: str, data: Any, odd: Any) -> None:
    body, headers = SAMPLES[format]
    damaged = put(body, data.draw(some.sampled_from(places(body))), odd)
    with TemporaryDirectory() as folder:
        rules = {"map": [DEPLOYMENTS], "id": "key", "at": "at"} if format == "json" else {}
        source = Source(Path(folder), format, **rules)
        with suppress(Misfit):  # refused before it is kept
            source.send(damaged, **headers)
        source.send(body, **{name: f"{told}{2 if 'id' in name or 'deliv' in name else ''}"
                             for name, told in headers.items()})  # fmt: skip
        for page in source.pull():
            assert mapped(source.connector(), "events", page.payload)


def test_many_bad_events_are_summed_up(tmp_path: Path) -> None:
    source = Source(tmp_path, "openlineage")
    source.send(*(lineage("DONE", f"run-{number}") for number in range(120)), lineage("START"))
    rows = source.read()
    found = gaps(rows)
    assert len(found) == 51
    assert sum(gap.count or 0 for gap in found) == 120
    assert only(rows, PipelineRun).run == "run-1"


def test_a_line_that_the_disk_did_not_keep_is_a_gap(tmp_path: Path) -> None:
    source = Source(tmp_path, "openlineage")
    source.send(lineage("START", "run-1"), lineage("START", "run-2"))
    segment = source.inbox.folder / "0000000001.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"run-1", b"run-X", 1))
    rows = source.read()
    assert [gap.reason for gap in gaps(rows)] == ["unreadable"]
    assert only(rows, PipelineRun).run == "run-2"
    assert tables_of(rows)


def test_no_event_yet_is_a_gap_that_says_where_to_post(tmp_path: Path) -> None:
    connector = Source(tmp_path, "openlineage").connector()
    (gap,) = connector.pull(connector.discover()[0], None)
    assert "/events/inbox" in gap.fix  # type: ignore[union-attr]
