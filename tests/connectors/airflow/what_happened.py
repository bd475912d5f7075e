"""What the small DAGs came to, as it must be told, whether a server is asked or a recording."""

from __future__ import annotations

from collections.abc import Mapping

from data.model import GapReason, LineageEdge, Pipeline, PipelineRun, Record, TaskRun
from tests.connectors.house import House, RowKey


def runs_by_dag(records: Mapping[RowKey, Record]) -> dict[str, list[PipelineRun]]:
    found: dict[str, list[PipelineRun]] = {}
    for record in records.values():
        if isinstance(record, PipelineRun):
            found.setdefault(record.pipeline, []).append(record)
    return found


def runs_are_told(house: House) -> None:
    runs = runs_by_dag(house.records())
    assert {dag: len(found) for dag, found in runs.items()} == {
        "good": 1,
        "bad": 1,
        "flaky": 1,
        "reader": 1,
        "daily": 4,
    }
    (good,), (bad,), (flaky,), (reader,) = (runs[n] for n in ("good", "bad", "flaky", "reader"))
    assert (good.result, good.event, good.retried_tasks) == ("success", "manual", 0)
    assert (good.triggered_by, good.slot_at, good.is_backfill) == ("admin", None, False)
    assert (bad.result, bad.retried_tasks) == ("failure", 0)
    assert (flaky.result, flaky.retried_tasks) == ("success", 1)
    assert (reader.result, reader.event) == ("success", "asset_triggered")
    made_up = sorted(str(run.slot_at) for run in runs["daily"] if run.is_backfill)
    assert made_up == [f"2026-11-0{day} 00:00:00+00:00" for day in (2, 3, 4)]
    assert {run.definition for found in runs.values() for run in found} == {"v1"}
    assert all(run.finished_at and run.started_at for found in runs.values() for run in found)


def tries_are_told(house: House) -> None:
    tasks = [record for record in house.records().values() if isinstance(record, TaskRun)]
    told = {(task.pipeline, task.name): (task.result, task.tries) for task in tasks}
    assert told["flaky", "third"] == ("success", 3)
    assert told["flaky", "each[0]"] == told["flaky", "each[1]"] == ("success", 1)
    assert told["bad", "fail"] == ("failure", 1)
    assert told["bad", "after"] == ("skipped", 0)


def pipelines_and_assets_are_told(house: House) -> None:
    rows = house.records().values()
    pipelines = {row.name: row for row in rows if isinstance(row, Pipeline)}
    assert {name: row.owner for name, row in pipelines.items()} == {
        "good": "payments",
        "bad": "growth",
        "flaky": None,
        "daily": None,
        "reader": None,
    }
    assert (pipelines["daily"].schedule, pipelines["good"].schedule) == ("0 0 * * *", None)
    assert all(row.is_active for row in pipelines.values())
    edges = {(row.from_name, row.to_name) for row in rows if isinstance(row, LineageEdge)}
    assert edges == {("good", "rates"), ("rates", "reader"), ("reader", "summary")}
    (broken,) = house.standing("dags")
    assert "broken.py cannot be imported" in broken.what
    assert broken.reason == GapReason.UNREADABLE
