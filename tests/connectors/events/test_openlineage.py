"""What OpenLineage's events become."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from data.model import (
    DataCheck,
    Dataset,
    Gap,
    LineageEdge,
    Pipeline,
    PipelineRun,
    Record,
    TaskRun,
)
from tests.connectors.events.sent import NOON, Source, gaps, lineage, only

ELEVEN = NOON - timedelta(hours=1)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path, "openlineage")


def test_a_run_is_put_together_from_its_events(source: Source) -> None:
    source.send(lineage("START"), lineage("RUNNING", minute=3), lineage("COMPLETE", minute=9))
    rows = source.read()
    run = only(rows, PipelineRun)
    assert run.id == "events:inbox#run/run-1"
    assert (run.pipeline, run.kind, run.result) == ("airflow/features.build", "data", "success")
    assert (run.created_at, run.started_at) == (ELEVEN, ELEVEN)
    assert run.finished_at == ELEVEN + timedelta(minutes=9)
    assert only(rows, Pipeline).name == "airflow/features.build"


def test_any_order_and_any_repetition_in_any_number_of_syncs_gives_the_same_run(
    tmp_path: Path,
) -> None:
    told = [lineage("START"), lineage("FAIL", minute=9), lineage("RUNNING", minute=4)]
    found: set[Record] = set()
    for number, order in enumerate(itertools.permutations([*told, told[0]])):
        source = Source(tmp_path / str(number), "openlineage")
        for body in order:
            source.send(body)
            rows = source.read()
        source.send(*order)
        found |= {only(rows, PipelineRun), only(source.read(), PipelineRun)}
    (run,) = found
    assert isinstance(run, PipelineRun)
    assert (run.result, run.started_at) == ("failure", ELEVEN)


def test_what_was_told_before_is_found_again_when_it_was_forgotten(source: Source) -> None:
    source.send(lineage("START"))
    source.read()
    (source.folder / "mirrors" / "inbox.events").write_bytes(b"half a fi")
    source.send(lineage("ABORT", minute=2))
    run = only(source.read(), PipelineRun)
    assert (run.result, run.started_at) == ("cancelled", ELEVEN)


def test_an_end_alone_is_a_run_of_which_nobody_knows_the_start(source: Source) -> None:
    source.send(lineage("COMPLETE"))
    run = only(source.read(), PipelineRun)
    assert (run.started_at, run.created_at, run.finished_at) == (None, ELEVEN, ELEVEN)


def test_a_task_is_part_of_its_parents_run(source: Source) -> None:
    parent = {"run": {"runId": "dag-1"}, "job": {"namespace": "airflow", "name": "nightly"}}
    job = {"facets": {"jobType": {"integration": "AIRFLOW", "jobType": "TASK"}}}
    run = {"runId": "run-1", "facets": {"parent": parent}}
    source.send(lineage("START", job=job, run=run) | {"run": run})
    task = only(source.read(), TaskRun)
    assert (task.pipeline, task.run) == ("airflow/nightly", "dag-1")
    assert (task.name, task.result) == ("airflow/features.build", "running")


def test_a_run_of_its_own_names_the_run_that_started_it(source: Source) -> None:
    parent = {"run": {"runId": "dag-1"}, "job": {"namespace": "airflow", "name": "nightly"}}
    source.send(lineage("START") | {"run": {"runId": "r", "facets": {"parent": parent}}})
    assert only(source.read(), PipelineRun).parent == "events:inbox#run/dag-1"


def test_facets_tell_owners_slots_places_and_versions(source: Source) -> None:
    owned = {"ownership": {"owners": [{"name": "team:data", "type": "MAINTAINER"}]}}
    code = {"sourceCodeLocation": {"type": "git", "url": "https://git.example/x",
            "path": "dags/x.py", "version": "abc1234", "branch": "main"}}  # fmt: skip
    nominal = {"nominalTime": {"nominalStartTime": "2026-10-31T00:00:00Z",
               "nominalEndTime": "2026-11-01T00:00:00Z"}}  # fmt: skip
    read = {"version": {"datasetVersion": "7"}, **owned}
    source.send(
        lineage(
            "COMPLETE",
            job={"facets": {**owned, **code}},
            inputs=[{"namespace": "pg", "name": "raw.orders", "facets": read}],
            outputs=[],
        )
        | {"run": {"runId": "r", "facets": nominal}}
    )
    rows = source.read()
    run, pipeline = only(rows, PipelineRun), only(rows, Pipeline)
    assert run.slot_at == ELEVEN.replace(hour=0)
    assert (run.definition, run.branch) == ("abc1234", "main")
    assert (pipeline.owner, pipeline.path) == ("team:data", "dags/x.py")
    assert pipeline.url == "https://git.example/x"
    assert only(rows, Dataset).owner == "team:data"
    assert only(rows, LineageEdge).from_digest == "7"


def test_edges_lead_from_what_is_read_through_the_pipeline_to_what_is_made(
    source: Source,
) -> None:
    source.send(lineage("COMPLETE"))
    edges = [row for row in source.read() if isinstance(row, LineageEdge)]
    assert [(e.from_name, e.to_name) for e in edges] == [
        ("pg/raw.orders", "airflow/features.build"),
        ("airflow/features.build", "pg/mart.orders"),
    ]
    assert {e.run for e in edges} == {"events:inbox#run/run-1"}


def test_an_assertion_that_only_warns_is_no_failure(source: Source) -> None:
    assertions = [
        {"assertion": "not_null", "success": True, "column": "id"},
        {"assertion": "unique", "success": False, "column": "id"},
        {"assertion": "row_count", "success": False, "severity": "warn"},
    ]
    facets = {"dataQualityAssertions": {"assertions": assertions}}
    dataset = {"namespace": "pg", "name": "t", "facets": {}, "inputFacets": facets}
    source.send(lineage("COMPLETE", inputs=[dataset], outputs=[]))
    checks = [row for row in source.read() if isinstance(row, DataCheck)]
    assert [(c.name, c.feature, c.state) for c in checks] == [
        ("not_null", "id", "pass"),
        ("unique", "id", "fail"),
        ("row_count", None, "warn"),
    ]
    assert {(c.dataset, c.pipeline, c.invocation) for c in checks} == {
        ("pg/t", "airflow/features.build", "run-1")
    }


def test_events_without_a_run_tell_of_a_job_or_a_dataset(source: Source) -> None:
    body = lineage("COMPLETE")
    del body["run"], body["eventType"]
    source.send(body)
    source.send({"eventTime": ELEVEN.isoformat(), "dataset": {"namespace": "s3", "name": "b"}})
    rows = source.read()
    assert {type(row) for row in rows} == {Pipeline, Dataset, LineageEdge}


@pytest.mark.parametrize("change", [{"eventType": "DONE"}, {"inputs": "all"}, {"inputs": [3]}])
def test_what_is_not_understood_is_a_gap_that_names_the_event(
    source: Source, change: dict[str, object]
) -> None:
    source.send({**lineage("START", "good")}, {**lineage("START", "odd"), **change})
    rows = source.read()
    (gap,) = gaps(rows)
    assert only(rows, PipelineRun).run == "good"
    assert "odd/" in gap.what
    assert gap.reason == "unreadable"


def test_an_event_of_the_future_is_a_gap_and_no_row(source: Source) -> None:
    source.send(lineage("START", minute=60 * 24))
    rows = source.read()
    assert [(type(row), row.reason) for row in rows if isinstance(row, Gap)] == [(Gap, "clock")]
    assert len(rows) == 1


def test_a_clock_that_is_a_little_ahead_is_borne_with(source: Source) -> None:
    source.send(lineage("START", minute=119))
    assert only(source.read(), PipelineRun).started_at > NOON
