"""DAGs, files that cannot be imported, and assets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from connectors.airflow.api import AirflowApi
from connectors.airflow.dags import Dags
from connectors.airflow.naming import Naming
from connectors.answers.page import write_page
from data.model import Dataset, GapReason, LineageEdge, Pipeline
from tests.connectors.airflow.one_server import OneServer
from tests.doubles.airflow import shapes

TRACE = 'Traceback (most recent call last):\n  File "a.py"\nValueError: token=abc of x@example.com'


def tag(name: str) -> dict[str, str]:
    return {"name": name, "dag_id": "daily", "dag_display_name": "daily"}


def mapped(**fields: Any) -> Pipeline:
    """The row of a DAG with some fields."""
    dag = shapes.dag("daily", datetime(2026, 3, 1, tzinfo=UTC)) | fields
    page = json.dumps({"dags": [dag]}, default=datetime.isoformat).encode()
    dags = Dags(cast(AirflowApi, None), Naming("a", "https://a/"))
    (row,) = dags.rows(write_page({}, page))
    assert isinstance(row, Pipeline)
    return row


@pytest.mark.parametrize(
    ("told", "owner"),
    [
        ({"owners": ["airflow"]}, None),
        ({"owners": ["growth", "airflow"]}, "growth"),
        ({"owners": ["b", "a"]}, "a, b"),
        ({"owners": ["growth"], "tags": [tag("team:payments")]}, "payments"),
        ({"owners": [], "tags": [tag("nightly")]}, None),
        ({"owners": ["growth"], "tags": [tag("team:")]}, "growth"),
    ],
)
def test_the_owner_is_a_team_or_those_whom_tasks_name(
    told: dict[str, Any], owner: str | None
) -> None:
    assert mapped(**told).owner == owner


@pytest.mark.parametrize(
    ("is_paused", "is_stale", "is_active"),
    [(False, False, True), (True, False, False), (False, True, False)],
)
def test_a_dag_that_is_paused_or_has_lost_its_file_runs_no_more(
    is_paused: bool, is_stale: bool, is_active: bool
) -> None:
    pipeline = mapped(is_paused=is_paused, is_stale=is_stale)
    assert pipeline.is_active is is_active
    assert pipeline.schedule == "0 0 * * *"


def test_that_a_file_was_looked_at_again_is_no_news(airflow: OneServer) -> None:
    airflow.sync()
    airflow.double.dags[0]["last_parsed_time"] = airflow.double.tick()
    assert airflow.sync().pages == 0
    airflow.double.dags[0]["is_paused"] = True
    assert airflow.sync().pages == 1


def test_a_file_that_cannot_be_imported_is_a_gap_until_it_can(airflow: OneServer) -> None:
    double = airflow.double
    double.fail_import("broken.py", TRACE)
    airflow.sync()
    (gap,) = airflow.gaps()
    assert gap.reason == GapReason.UNREADABLE
    assert "dags-folder/broken.py cannot be imported" in gap.what
    assert "ValueError" in gap.what
    assert "abc" not in gap.what
    assert "@example.com" not in gap.what
    double.import_errors.clear()
    airflow.sync()
    assert airflow.gaps() == []


def test_import_errors_that_may_not_be_read_leave_the_dags_known(airflow: OneServer) -> None:
    airflow.double.refused = {"/api/v2/importErrors": (403, 1)}
    assert not airflow.sync().errors
    assert len(airflow.rows(Pipeline)) == 1
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.NO_PERMISSION]


def test_stale_dags_that_cannot_be_asked_for_are_a_gap(airflow: OneServer) -> None:
    airflow.double.unknown = {"exclude_stale"}
    airflow.sync()
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.FILTER_IGNORED]


def test_assets_are_datasets_between_the_dags_that_make_and_read_them(
    airflow: OneServer,
) -> None:
    double = airflow.double
    rates = double.add_asset("rates")
    double.link(rates, "producing_tasks", "daily")
    double.link(rates, "producing_tasks", "daily")
    double.link(rates, "scheduled_dags", "reader")
    double.link(rates, "consuming_tasks", "reader")
    double.add_asset("outside")
    airflow.sync()
    datasets = {row.name: row.is_source for row in airflow.rows(Dataset)}
    assert datasets == {"rates": False, "outside": True}
    edges = {
        (e.from_kind, e.from_name, e.to_kind, e.to_name, e.seen_at)
        for e in airflow.rows(LineageEdge)
    }
    assert edges == {
        ("pipeline", "daily", "dataset", "rates", double.now),
        ("dataset", "rates", "pipeline", "reader", double.now),
    }


@pytest.mark.parametrize("name", ["id", "name", "created_at"])
def test_an_asset_that_is_not_what_it_should_be_is_a_gap(airflow: OneServer, name: str) -> None:
    airflow.double.add_asset("rates")[name] = {"strange": 1}
    airflow.double.add_asset("fine")
    assert not airflow.sync().errors
    assert [row.name for row in airflow.rows(Dataset)] == ["fine"]
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.UNREADABLE]


@pytest.mark.parametrize("name", ["dag_id", "is_paused", "tags", "timetable_summary"])
def test_a_dag_that_is_not_what_it_should_be_is_a_gap(airflow: OneServer, name: str) -> None:
    airflow.double.add_dag("fine")
    airflow.double.dags[0][name] = 7
    assert not airflow.sync().errors
    assert [row.name for row in airflow.rows(Pipeline)] == ["fine"]
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.UNREADABLE]
