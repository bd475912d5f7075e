"""What the files of dbt say, as dbt 1.9.8 wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.files.dbt.connector import Dbt
from data.model import DataCheck, Dataset, LineageEdge, Pipeline, PipelineRun, TaskRun
from tests.connectors.files.source import FileSource, made, output

RESULTS = "target/run_results.json"
MANIFEST = "target/manifest.json"


@pytest.fixture
def dbt(tmp_path: Path) -> Iterator[FileSource]:
    with made(Dbt, tmp_path) as source:
        yield source


def changed(name: str, **metadata: Any) -> bytes:
    told = json.loads(output(name))
    told["metadata"] |= metadata
    return json.dumps(told).encode()


def states(source: FileSource) -> dict[str, str]:
    return {row.name: row.state for row in source.all(DataCheck)}


def test_a_warning_is_no_failure_and_what_was_skipped_did_not_pass(dbt: FileSource) -> None:
    dbt.read({RESULTS: output("dbt/run_results_build.json")})
    assert states(dbt) == {
        "accepted_values_orders_amount__False__10___5__7": "pass",
        "customer_should_be_known": "warn",
        "no_negative_amounts": "fail",
        "not_null_orders_customer": "fail",
        "not_null_orders_id": "pass",
        "not_null_revenue_no_such": "skipped",
        "unique_after_broken_no_such_column": "skipped",
        "unique_orders_id": "pass",
    }
    skipped = dbt.one(DataCheck, "not_null_revenue_no_such.a0184f6092")
    assert skipped.failures is None
    assert dbt.one(DataCheck, "no_negative_amounts").failures == 1
    assert dbt.one(DataCheck, "unique_orders_id.1360ecc70e").failures == 0


def test_a_test_that_could_not_be_made_is_an_error_apart(dbt: FileSource) -> None:
    dbt.read({RESULTS: output("dbt/run_results_test.json")})
    check = dbt.one(DataCheck, "not_null_revenue_no_such.a0184f6092")
    assert (check.state, check.failures) == ("error", None)
    assert "Runtime Error" in (check.message or "")


def test_the_manifest_beside_results_says_what_is_tested(dbt: FileSource) -> None:
    dbt.read({RESULTS: output("dbt/run_results_build.json"), MANIFEST: output("dbt/manifest.json")})
    check = dbt.one(DataCheck, "customer_should_be_known.4347e7f4eb")
    assert (check.dataset, check.feature, check.severity) == ("shop.orders", "customer", "WARN")
    assert dbt.one(DataCheck, "no_negative_amounts").dataset == "shop.orders"


def test_results_without_a_manifest_have_the_names_of_their_ids(dbt: FileSource) -> None:
    dbt.read({RESULTS: output("dbt/run_results_build.json")})
    check = dbt.one(DataCheck, "customer_should_be_known.4347e7f4eb")
    assert (check.name, check.dataset, check.pipeline) == (
        "customer_should_be_known",
        None,
        "shop build",
    )
    assert dbt.one(TaskRun, "model.shop.orders").name == "shop.orders"


def test_an_invocation_is_a_run_of_its_command(dbt: FileSource) -> None:
    dbt.read({RESULTS: output("dbt/run_results_run.json")})
    (run,) = dbt.all(PipelineRun)
    assert (run.pipeline, run.kind, run.result) == ("shop run", "data", "failure")
    assert run.run == "2aad9d9f-fbbe-4370-b6d6-8c0ebbff7d1a"
    assert run.finished_at == datetime(2026, 11, 22, 0, 44, 18, 562956, tzinfo=UTC)
    assert run.started_at
    assert (run.finished_at - run.started_at).total_seconds() == pytest.approx(0.883333, abs=1e-4)
    assert [row.name for row in dbt.all(Pipeline)] == ["shop run"]
    assert {row.name: row.result for row in dbt.all(TaskRun)} == {
        "shop.after_broken": "skipped",
        "shop.broken": "failure",
        "shop.events": "failure",
        "shop.orders": "success",
        "shop.revenue": "success",
    }


def test_an_invocation_that_overwrites_an_earlier_one_of_its_command_is_kept_beside_it(
    dbt: FileSource,
) -> None:
    freshness = "target/sources.json"
    dbt.read({RESULTS: output("dbt/run_results_build.json"), freshness: output("dbt/sources.json")})
    before = {kind: dbt.all(kind) for kind in (PipelineRun, TaskRun, DataCheck)}
    later = {"invocation_id": "another", "generated_at": "2026-11-23T00:44:18Z"}
    dbt.read(
        {
            RESULTS: changed("dbt/run_results_build.json", **later),
            freshness: changed("dbt/sources.json", **later),
        }
    )
    for kind, rows in before.items():
        found = {row.id: row for row in dbt.all(kind)}
        assert len(found) == 2 * len(rows)
        assert [found.get(row.id) for row in rows] == rows
    assert {row.invocation for row in dbt.all(DataCheck)} > {"another"}


def test_an_invocation_that_lies_in_two_places_is_one(dbt: FileSource) -> None:
    told = output("dbt/run_results_build.json")
    dbt.read({RESULTS: told, "kept/run_results.json": told})
    assert len(dbt.all(PipelineRun)) == 1
    assert len(dbt.all(DataCheck)) == len(states(dbt)) == 8


@pytest.mark.parametrize(
    ("statuses", "result"),
    [
        ([], "success"),
        (["success", "pass"], "success"),
        (["warn", "success"], "success"),
        (["skipped", "success"], "success"),
        (["skipped"], "skipped"),
        (["success", "error"], "failure"),
        (["fail", "skipped"], "failure"),
        (["partial success"], "failure"),
    ],
)
def test_a_run_fails_if_anything_did(dbt: FileSource, statuses: list[str], result: str) -> None:
    told = json.loads(output("dbt/run_results_run.json"))
    some = told["results"][0]
    told["results"] = [
        {**some, "status": status, "unique_id": f"model.shop.m{number}"}
        for number, status in enumerate(statuses)
    ]
    dbt.read({RESULTS: json.dumps(told)})
    assert [run.result for run in dbt.all(PipelineRun)] == [result]


def test_a_status_that_nobody_knows_is_a_gap(dbt: FileSource) -> None:
    data = output("dbt/run_results_test.json").replace(b'"warn"', b'"perhaps"')
    dbt.read({RESULTS: data})
    assert "customer_should_be_known" not in states(dbt)
    (gap,) = dbt.gaps()
    assert gap.about
    assert gap.about.endswith("test.shop.customer_should_be_known.4347e7f4eb")


def test_freshness_tells_how_old_the_data_was_and_which_limit_it_passed(dbt: FileSource) -> None:
    dbt.read({"target/sources.json": output("dbt/sources.json")})
    found = {row.dataset: (row.state, row.threshold) for row in dbt.all(DataCheck)}
    assert found == {
        "shop.landing.events": ("warn", 3_600),
        "shop.landing.payments": ("fail", 7_200),
        "shop.landing.visits": ("pass", 3_600_000_000),
    }
    events = dbt.one(DataCheck, "landing.events")
    assert events.data_at == datetime(2026, 11, 21, 21, 43, 7, 167081, tzinfo=UTC)
    assert (events.kind, events.value) == ("freshness", 10810.607476)


def test_a_source_that_could_not_be_asked_is_an_error_and_not_too_old(dbt: FileSource) -> None:
    told = json.loads(output("dbt/sources.json"))
    failed = {"unique_id": "source.shop.landing.gone", "error": "no such table"}
    told["results"].append({**failed, "status": "runtime error"})
    dbt.read({"target/sources.json": json.dumps(told)})
    check = dbt.one(DataCheck, "landing.gone")
    assert (check.state, check.value, check.data_at) == ("error", None, None)


def test_a_manifest_tells_data_and_whose_it_is(dbt: FileSource) -> None:
    dbt.read({MANIFEST: output("dbt/manifest.json")})
    found = {row.name: (row.kind, row.owner, row.is_source) for row in dbt.all(Dataset)}
    assert found["shop.orders"] == ("model", "team-orders", False)
    assert found["shop.revenue"] == ("model", "Sales data", False)
    assert found["shop.raw_orders"] == ("seed", None, True)
    assert found["shop.orders_history"] == ("snapshot", None, False)
    assert found["shop.landing.events"] == ("source", None, True)
    assert len(found) == 11


def test_a_manifest_tells_what_is_made_from_what(dbt: FileSource) -> None:
    dbt.read({MANIFEST: output("dbt/manifest.json")})
    edges = {(row.from_name, row.to_kind, row.to_name) for row in dbt.all(LineageEdge)}
    assert ("shop.landing.events", "dataset", "shop.events") in edges
    assert ("shop.revenue", "dashboard", "shop.sales_board") in edges
    assert ("shop.orders", "service", "shop.pricing_service") in edges
    assert len(edges) == 8


def test_what_a_metric_stands_between_is_joined(dbt: FileSource) -> None:
    told = json.loads(output("dbt/manifest.json"))
    told["parent_map"]["exposure.shop.sales_board"] = ["metric.shop.income"]
    told["parent_map"]["metric.shop.income"] = ["semantic_model.shop.money"]
    told["parent_map"]["semantic_model.shop.money"] = ["model.shop.orders", "metric.shop.income"]
    dbt.read({MANIFEST: json.dumps(told)})
    edge = dbt.one(LineageEdge, "exposure.shop.sales_board/model.shop.orders")
    assert edge.from_name == "shop.orders"


def test_a_manifest_of_an_unknown_version_is_told_and_read(dbt: FileSource) -> None:
    version = "https://schemas.getdbt.com/dbt/manifest/v99.json"
    dbt.read({MANIFEST: changed("dbt/manifest.json", dbt_schema_version=version)})
    assert len(dbt.all(Dataset)) == 11
    assert dbt.told() == [
        "unreadable: manifest of version v99: only what is as in v9, v10, v11, v12 is read"
    ]


def test_of_kept_manifests_of_a_project_the_newest_counts(tmp_path: Path) -> None:
    with made(Dbt, tmp_path, patterns=["**/*.json"]) as dbt:
        old = json.loads(changed("dbt/manifest.json", generated_at="2026-11-01T00:00:00Z"))
        old["nodes"]["model.shop.old"] = old["nodes"]["model.shop.orders"]
        other = changed("dbt/manifest.json", project_name="other")
        dbt.read(
            {
                "z/manifest.json": json.dumps(old),
                "a/manifest.json": output("dbt/manifest.json"),
                "b/manifest.json": other,
            }
        )
        assert "shop.old" not in {row.name for row in dbt.all(Dataset)}
        assert len(dbt.house.pages()) == 2


def test_what_dbt_was_called_with_is_not_archived(dbt: FileSource) -> None:
    data = output("dbt/run_results_run.json")
    assert b"dbt-secret-0123456789" in data
    dbt.read({RESULTS: data})
    assert "dbt-secret" not in dbt.everything()
