"""The `airflow` source against a real Airflow 3, and the double of the tests against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from connectors.airflow.connector import Airflow
from connectors.airflow.settings import Settings
from connectors.interface import Context, Severity
from tests.connectors.airflow import what_happened
from tests.connectors.airflow.small_dags import DAGS
from tests.connectors.house import House
from tests.doubles.airflow import shapes
from tests.doubles.airflow.recorded import RUNS, prepare
from tests.servers.airflow import (
    PAGE_LIMIT,
    PASSWORDS,
    VIEWER,
    RealAirflow,
    airflow,
    await_true,
    needs_airflow,
)

pytestmark = [pytest.mark.servers, pytest.mark.slow, needs_airflow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAirflow]:
    with airflow(tmp_path_factory.mktemp("airflow"), DAGS) as running:
        prepare(running, password="secret-that-was-handed-over")
        yield running


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path / "house")) as opened:
        yield opened


@pytest.fixture
def context(tmp_path: Path) -> Context:
    (tmp_path / "password").write_text(PASSWORDS[VIEWER])
    return Context(
        folder=tmp_path,
        mirrors=tmp_path / "mirrors",
        hotfix_pattern="^hotfix",
        clock=lambda: datetime.now(UTC),
        progress=lambda what, done, total: None,
    )


def connector(server: RealAirflow, context: Context) -> Airflow:
    settings = Settings(url=server.url, username=VIEWER, password="file:password")
    return Airflow("airflow", settings, context)


def test_all_that_happened_is_told(server: RealAirflow, house: House, context: Context) -> None:
    assert not house.sync(connector(server, context), context).errors
    what_happened.runs_are_told(house)
    what_happened.tries_are_told(house)
    what_happened.pipelines_and_assets_are_told(house)


def test_what_was_handed_over_and_what_a_trace_shows_is_not_kept(
    server: RealAirflow, house: House, context: Context
) -> None:
    house.sync(connector(server, context), context)
    assert "secret" not in house.everything()


def test_nothing_new_is_nothing_told_and_a_cleared_run_is_told_again(
    server: RealAirflow, house: House, context: Context
) -> None:
    house.sync(connector(server, context), context)
    assert house.sync(connector(server, context), context).pages == 0
    (bad,) = what_happened.runs_by_dag(house.records())["bad"]
    body = {"dry_run": False, "dag_run_id": bad.run, "only_failed": True}
    server.ask("POST", "dags/bad/clearTaskInstances", body)

    def is_over() -> bool:
        told = server.run("bad", bad.run)
        return told["state"] == "failed" and told["end_date"] != str(bad.finished_at)

    await_true(is_over, "the cleared run")
    server.await_ended(RUNS)
    assert not house.sync(connector(server, context), context).errors
    (again,) = what_happened.runs_by_dag(house.records())["bad"]
    assert again.retried_tasks == 1
    assert again.finished_at is not None
    assert bad.finished_at is not None
    assert again.finished_at > bad.finished_at
    assert house.sync(connector(server, context), context).pages == 0


def test_a_viewer_may_read_all(server: RealAirflow, context: Context) -> None:
    findings = connector(server, context).check()
    assert [finding for finding in findings if finding.severity is not Severity.OK] == []
    assert findings[0].what.startswith("is Airflow 3.")


def test_a_wrong_password_is_told_in_one_line(
    server: RealAirflow, house: House, context: Context
) -> None:
    (context.folder / "password").write_text("wrong-0123456789")
    told = house.sync(connector(server, context), context)
    gaps = [gap.what for gap in house.gaps()]
    assert not told.errors
    assert len(gaps) == 3
    assert all("Invalid credentials" in what and "wrong-" not in what for what in gaps)


# --- the double -----------------------------------------------------------------------------------


AT = datetime(2026, 3, 1, tzinfo=UTC)
RUN = shapes.run("daily", "a", AT)
SHAPES = {
    "dags": ("dags", "DAGResponse", shapes.dag("daily", AT)),
    "dags/~/dagRuns": ("dag_runs", "DAGRunResponse", RUN),
    "dags/~/dagRuns/~/taskInstances": (
        *("task_instances", "TaskInstanceResponse"),
        shapes.task(RUN, "load", 1),
    ),
    "assets": ("assets", "AssetResponse", shapes.asset(1, "rates", AT)),
    "importErrors": (
        *("import_errors", "ImportErrorResponse"),
        shapes.import_error(1, "a.py", "trace", AT),
    ),
}
"""Path of a list to its field, the name of the schema of its items, and what the double tells."""


@pytest.mark.parametrize("path", SHAPES)
def test_the_double_tells_what_the_real_one_tells(server: RealAirflow, path: str) -> None:
    field, name, item = SHAPES[path]
    assert server.ask("GET", path)[field][0].keys() == item.keys()
    told = json.loads(json.dumps(item, default=datetime.isoformat))
    parts = server.description["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": parts}
    jsonschema_rs.validator_for(schema).validate(told)


def test_the_double_describes_parameters_of_the_real_one(
    server: RealAirflow, context: Context
) -> None:
    description = connector(server, context)._api.description
    for path, names in shapes.PARAMETERS.items():
        assert description.unknown(path, names) == frozenset(), path
    assert description.unknown("/api/v2/dags", ["bogus_gte"]) == {"bogus_gte"}
    body = server.description["components"]["schemas"]["TaskInstancesBatchBody"]
    assert set(body["properties"]) >= shapes.POSTED
    assert body["additionalProperties"] is False


def test_the_double_ignores_and_caps_as_the_real_one_does(server: RealAirflow) -> None:
    bogus: dict[str, Any] = server.ask("GET", "dags/~/dagRuns?bogus_gte=2999-01-01&limit=50")
    assert bogus["total_entries"] == RUNS
    assert len(bogus["dag_runs"]) == PAGE_LIMIT
    future = server.ask("GET", "dags/~/dagRuns?updated_at_gte=2999-01-01T00:00:00Z")
    assert future["dag_runs"] == []
