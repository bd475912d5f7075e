"""Runs and their tasks: what a row says, what is asked again, and what is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.airflow import tasks
from connectors.airflow.naming import Naming
from connectors.airflow.run_rows import run_rows
from data.model import Gap, GapReason, PipelineRun, Record, TaskRun
from tests.connectors.airflow.one_server import OneServer
from tests.doubles.airflow import shapes
from tests.doubles.airflow.double import RUNS, TASKS

_SHA = "ab" * 20
_AT = "2026-03-01T00:00:00Z"


def mapped(*tasks: dict[str, Any], **fields: Any) -> list[Record]:
    """The rows of a run with some fields, and of its tasks with theirs."""
    run = shapes.run("daily", "a", datetime(2026, 3, 1, tzinfo=UTC)) | {"state": "success"} | fields
    told = [shapes.task(run, "load", 1) | {"state": "success"} | task for task in tasks]
    page = json.dumps([{"dag_runs": [run]}, {"task_instances": told}], default=datetime.isoformat)
    return list(run_rows(Naming("a", "https://a/"), {"has_tasks": True}, json.loads(page)))


def test_a_run_that_passed_on_its_third_try_is_told_as_one_that_was_retried(
    airflow: OneServer,
) -> None:
    run = airflow.double.add_run("daily", "load", "check")
    airflow.double.tasks_of(run)[0]["try_number"] = 3
    airflow.sync()
    told = airflow.run(run["dag_run_id"])
    assert (told.result, told.retried_tasks) == ("success", 1)
    tries = {task.name: task.tries for task in airflow.rows(TaskRun)}
    assert tries == {"load": 3, "check": 1}


def test_a_run_tells_its_slot_its_kind_and_who_asked_for_it(airflow: OneServer) -> None:
    asked = {"run_type": "backfill", "triggering_user_name": "keeper"}
    run = airflow.double.add_run("daily", **asked)
    airflow.sync()
    told = airflow.run(run["dag_run_id"])
    assert told.slot_at == run["data_interval_end"]
    assert (told.is_backfill, told.event, told.triggered_by) == (True, "backfill", "keeper")
    assert (told.pipeline, told.kind, told.repository) == ("daily", "data", None)


@pytest.mark.parametrize(
    ("bundle", "definition", "sha"), [(None, "v1", None), (_SHA, _SHA, _SHA), ("r7", "r7", None)]
)
def test_what_defines_a_run_is_its_bundle_or_else_the_version_of_its_dag(
    bundle: str | None, definition: str, sha: str | None
) -> None:
    (told,) = mapped(bundle_version=bundle)
    assert isinstance(told, PipelineRun)
    assert (told.definition, told.sha) == (definition, sha)


@pytest.mark.parametrize(
    ("state", "result", "is_over"),
    [
        ("queued", "running", False),
        ("running", "running", False),
        ("success", "success", True),
        ("failed", "failure", True),
    ],
)
def test_states_of_runs(state: str, result: str, is_over: bool) -> None:
    (told,) = mapped(state=state, end_date=_AT)
    assert isinstance(told, PipelineRun)
    assert (told.result, told.finished_at is not None) == (result, is_over)


def test_a_state_nobody_knows_is_a_gap_until_the_run_tells_another(airflow: OneServer) -> None:
    run = airflow.double.add_run("daily", state="levitating")
    airflow.sync()
    (gap,) = airflow.gaps()
    assert gap.reason == GapReason.UNREADABLE
    assert "levitating" in gap.what
    airflow.double.turn(run, "success")
    airflow.sync()
    assert airflow.gaps() == []


@pytest.mark.parametrize(
    ("state", "result"),
    [
        ("upstream_failed", "skipped"),
        ("skipped", "skipped"),
        ("removed", "skipped"),
        ("deferred", "running"),
        ("up_for_retry", "running"),
        (None, "running"),
        ("failed", "failure"),
    ],
)
def test_states_of_tasks(state: str | None, result: str) -> None:
    _, told = mapped({"state": state, "end_date": _AT})
    assert isinstance(told, TaskRun)
    assert (told.result, told.finished_at is None) == (result, result == "running")


def test_a_mapped_task_is_a_task_for_each_of_its_parts() -> None:
    run, *tasks = mapped(*({"map_index": index, "try_number": 2} for index in range(2)))
    assert [task.name for task in tasks if isinstance(task, TaskRun)] == ["load[0]", "load[1]"]
    assert len({task.id for task in tasks}) == 2
    assert isinstance(run, PipelineRun)
    assert run.retried_tasks == 2


def test_tasks_that_may_not_be_read_are_a_gap_and_retries_unknown_until_they_may(
    airflow: OneServer,
) -> None:
    run = airflow.double.add_run("daily", "load")
    airflow.double.refused = {TASKS: (403, 1)}
    assert not airflow.sync().errors
    assert airflow.run(run["dag_run_id"]).retried_tasks is None
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.NO_PERMISSION]
    assert airflow.sync().pages == 0
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.NO_PERMISSION]
    airflow.double.refused = {}
    airflow.sync()
    assert airflow.run(run["dag_run_id"]).retried_tasks == 0
    assert airflow.gaps() == []


def test_tasks_that_could_not_be_read_are_not_forgotten_by_a_page_that_has_none(
    airflow: OneServer,
) -> None:
    run = airflow.double.add_run("daily", "load")
    airflow.double.refused = {TASKS: (403, 1)}
    airflow.sync()
    airflow.double.runs.remove(run)
    for _ in range(2):
        airflow.sync()
        assert [gap.reason for gap in airflow.gaps()] == [GapReason.NO_PERMISSION]


def test_a_task_that_does_not_tell_its_tries_leaves_those_of_its_run_unknown(
    airflow: OneServer,
) -> None:
    runs = [airflow.double.add_run("daily", "load") for _ in range(2)]
    airflow.double.tasks_of(runs[0])[0]["try_number"] = None
    airflow.sync()
    assert airflow.run(runs[0]["dag_run_id"]).retried_tasks is None
    assert airflow.run(runs[1]["dag_run_id"]).retried_tasks == 0


def test_runs_of_one_name_in_two_dags_are_two(airflow: OneServer) -> None:
    airflow.double.add_run("daily", "load", dag_run_id="same")
    airflow.double.add_run("hourly", "load", dag_run_id="same")
    airflow.sync()
    assert {run.pipeline for run in airflow.rows(PipelineRun)} == {"daily", "hourly"}
    assert len(airflow.rows(TaskRun)) == 2


def test_many_tasks_are_told_in_parts_and_all_of_them(
    airflow: OneServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MOST_TASKS", 4)
    for _ in range(5):
        airflow.double.add_run("daily", "load", "check")
    airflow.double.page_limit = 3
    assert not airflow.sync().errors
    assert len(airflow.rows(TaskRun)) == 10
    assert {run.retried_tasks for run in airflow.rows(PipelineRun)} == {0}


# --- what is asked again --------------------------------------------------------------------------


def test_only_what_changed_is_asked_for(airflow: OneServer) -> None:
    for _ in range(30):
        airflow.double.add_run("daily")
    airflow.sync()
    airflow.double.add_run("daily")
    airflow.double.page_limit = 5
    airflow.sync()
    asked = airflow.double.asked
    newest, canary, changed = (a.params["updated_at_gte"] for a in asked if a.path == RUNS)
    assert newest.startswith("1970")
    assert canary.startswith("2999")
    assert "2026-02-26" < changed < "2026-03-02"
    assert len(airflow.rows(PipelineRun)) == 31


def test_an_end_that_a_lagging_clock_hides_is_asked_for_by_name(airflow: OneServer) -> None:
    run = airflow.double.add_run("daily", "load", state="running")
    for _ in range(5):
        airflow.double.add_run("daily")
    airflow.double.page_limit = 3
    airflow.sync()
    changed_at = airflow.double.now
    airflow.double.turn(run, "success")
    airflow.double.now = changed_at - timedelta(days=1)
    airflow.double.touch(run)
    airflow.sync()
    assert airflow.run(run["dag_run_id"]).result == "success"


def test_a_run_that_was_deleted_before_its_end_is_a_gap_and_asked_for_no_more(
    airflow: OneServer,
) -> None:
    run = airflow.double.add_run("daily", state="running")
    for _ in range(5):
        airflow.double.add_run("daily")
    airflow.double.page_limit = 3
    airflow.sync()
    airflow.double.runs.remove(run)
    airflow.double.add_run("daily")
    assert not airflow.sync().errors
    (gap,) = airflow.gaps()
    assert gap.reason == GapReason.NOT_FOUND
    assert run["dag_run_id"] in gap.what
    assert airflow.sync().pages == 0
    assert not any("scheduled__" in asked.path for asked in airflow.double.asked)


def test_a_clock_of_the_source_that_is_ahead_does_not_deafen(airflow: OneServer) -> None:
    ahead = airflow.double.now + timedelta(days=365)
    airflow.double.add_run("daily", end_date=ahead)
    airflow.double.runs[0]["end_date"] = ahead
    airflow.double.says_date = True
    airflow.sync()
    late = airflow.double.add_run("daily")
    airflow.sync()
    assert airflow.run(late["dag_run_id"]).result == "success"


def test_a_backup_that_was_restored_is_read_from_where_it_stands(airflow: OneServer) -> None:
    restored = airflow.double.now
    for _ in range(3):
        airflow.double.add_run("daily")
    airflow.sync()
    airflow.double.runs.clear()
    airflow.double.now = restored
    run = airflow.double.add_run("daily", dag_run_id="after-the-backup")
    airflow.sync()
    assert airflow.run(run["dag_run_id"]).result == "success"


def test_runs_of_an_old_version_do_not_hide_what_is_new(airflow: OneServer) -> None:
    for _ in range(4):
        airflow.double.forget_when_changed(airflow.double.add_run("daily"))
    airflow.double.page_limit = 3
    airflow.sync()
    assert len(airflow.rows(PipelineRun)) == 4
    airflow.double.add_run("daily")
    airflow.sync()
    assert len(airflow.rows(PipelineRun)) == 5
    assert airflow.sync().pages == 0


def test_a_server_without_cursors_is_read_by_offsets(airflow: OneServer) -> None:
    for _ in range(7):
        airflow.double.add_run("daily", "load")
    airflow.double.page_limit, airflow.double.unknown = 3, {"cursor"}
    assert not airflow.sync().errors
    assert len(airflow.rows(PipelineRun)) == 7
    offsets = [a.params["offset"] for a in airflow.double.asked if "offset" in a.params]
    assert {"0", "3", "6"} <= set(offsets)


# --- filters --------------------------------------------------------------------------------------


def test_a_filter_that_the_server_does_not_describe_is_not_relied_on(airflow: OneServer) -> None:
    airflow.double.unknown = {"updated_at_gte"}
    airflow.double.add_run("daily")
    airflow.sync()
    (gap,) = airflow.gaps()
    assert gap.reason == GapReason.FILTER_IGNORED
    assert "updated_at_gte" in gap.what
    airflow.double.add_run("daily")
    airflow.sync()
    assert len(airflow.rows(PipelineRun)) == 2
    assert not any("updated_at_gte" in asked.params for asked in airflow.double.asked)
    assert airflow.sync().pages == 0
    assert airflow.gaps() == [gap]


def test_a_filter_that_is_described_and_ignored_is_found_out(airflow: OneServer) -> None:
    airflow.double.add_run("daily")
    airflow.sync()
    airflow.double.is_deaf = True
    airflow.double.add_run("daily")
    airflow.sync()
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.FILTER_IGNORED]
    assert len(airflow.rows(PipelineRun)) == 2
    airflow.double.is_deaf = False
    airflow.double.add_run("daily")
    airflow.sync()
    assert airflow.gaps() == []


def test_a_server_that_does_not_describe_itself_is_read_all_the_same(airflow: OneServer) -> None:
    airflow.double.add_run("daily")
    airflow.double.is_silent = True
    assert not airflow.sync().errors
    assert len(airflow.rows(PipelineRun)) == 1


# --- bad pages ------------------------------------------------------------------------------------


def test_what_is_handed_to_a_run_and_mail_addresses_are_not_kept(airflow: OneServer) -> None:
    run = airflow.double.add_run(
        "daily",
        "load",
        conf={"key": "handed-over"},
        triggering_user_name="keeper@example.com",
        note="ask other@example.com",
    )
    airflow.sync()
    assert airflow.run(run["dag_run_id"]).triggered_by is None
    everything = airflow.house.everything()
    assert "handed" not in everything
    assert "@example.com" not in everything


@pytest.mark.parametrize("body", [{"dag_runs": None}, {"dag_runs": {}}, {}, [], None, 7])
def test_an_answer_that_is_no_list_of_runs_ends_this_stream_with_an_error(
    airflow: OneServer, body: Any
) -> None:
    airflow.double.instead[RUNS] = body
    errors = airflow.sync().errors
    assert len(errors) == 1
    assert "runs" in str(errors[0])
    assert "\n" not in str(errors[0])


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = (
    *("dag_id", "dag_run_id", "state", "run_type", "queued_at", "run_after", "end_date"),
    *("dag_versions", "bundle_version", "task_id", "map_index", "try_number"),
)


@given(st.lists(_ANY | st.dictionaries(st.sampled_from(_FIELDS), _ANY), max_size=4), st.data())
def test_whatever_a_page_holds_becomes_rows_or_gaps(runs: list[Any], data: st.DataObject) -> None:
    found = data.draw(st.lists(_ANY | st.dictionaries(st.sampled_from(_FIELDS), _ANY), max_size=4))
    told = json.loads(json.dumps([{"dag_runs": runs}, {"task_instances": found}]))
    rows = list(run_rows(Naming("a", "https://a/"), {"has_tasks": True}, told))
    assert len([row for row in rows if not isinstance(row, TaskRun)]) >= len(runs)
    assert all(isinstance(row, PipelineRun | TaskRun | Gap) for row in rows)
