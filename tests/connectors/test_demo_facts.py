"""What the demo organisation tells of models, data and operations, as the facts see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors.demo import Demo, DemoSettings
from connectors.demo.learning import learning
from connectors.interface import Batch, Context
from data.configuration import load
from data.facts.build import build
from data.metrics.definition import definitions
from data.metrics.engine import evaluate
from data.metrics.figure import Figure
from data.metrics.scope import Scope
from data.model import Change, ImportedValue, LineageEdge, ModelCard, ModelEvent, Record
from data.period import Window
from data.store.page import Page
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
SUMMER = Window(date(2026, 5, 1), date(2026, 11, 1))
OUTSIDE = ("deployments", "versions")
"""Streams that these facts do not need."""


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Record]]:
    """The rows of the default organisation by stream; of its changes the commits alone."""
    context = Context(Path(), Path(), "^hotfix", lambda: UNTIL, lambda *_: None)
    source = Demo("demo", DemoSettings(), context)
    found: dict[str, list[Record]] = {}
    for stream in source.discover():
        if stream.name in OUTSIDE:
            continue
        for batch in source.pull(stream, None):
            assert isinstance(batch, Batch)
            told = source.rows(stream.name, batch.payload)
            found.setdefault(stream.name, []).extend(r for r in told if not isinstance(r, Change))
    return found


@pytest.fixture(scope="module")
def snapshot(
    rows: dict[str, list[Record]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Snapshot]:
    """All of it, published with the configuration that comes with the demo."""
    workspace = Workspace(tmp_path_factory.mktemp("demo"))
    with as_file(files("connectors.demo") / "cairn.toml") as path:
        configuration = load(path)
    with closing(Working(workspace.working)) as working:
        for stream, told in rows.items():
            page = Page("demo", stream, "none", UNTIL, settings="", complete_until=UNTIL)
            working.merge_records(page, told)
        publish(workspace, working.connection, partial(build, configuration=configuration), keep=1)
    reader = SnapshotReader(workspace)
    with closing(reader), reader.reading() as opened:
        yield opened


def of_kind(rows: dict[str, list[Record]], kind: type[Record]) -> list[Any]:
    return [row for told in rows.values() for row in told if isinstance(row, kind)]


def figure(snapshot: Snapshot, metric: str, model: str | None = None) -> Figure:
    """A figure of the half-year to the end, in production."""
    (only,) = evaluate(snapshot, definitions()[metric], Scope(model=model), SUMMER).figures
    return only


def column(snapshot: Snapshot, sql: str) -> set[Any]:
    return {next(iter(row.values())) for row in snapshot.rows(sql)}


# --- models -------------------------------------------------------------------------------------


def test_two_promotions_go_back_and_are_seen_as_rollbacks(snapshot: Snapshot) -> None:
    back = snapshot.rows(
        "select model, cast(version as int) < cast(version_before as int) as is_earlier "
        "from model_promotion where is_rollback and tier = 'production' order by model"
    )
    assert back == [
        {"model": "refund-abuse", "is_earlier": True},
        {"model": "search-ranking", "is_earlier": True},
    ]
    failed = "select model from model_promotion where failure_reason = 'rollback'"
    assert column(snapshot, failed) == {"refund-abuse", "search-ranking"}


def test_each_promotion_lies_between_two_readings_an_hour_apart_or_in_the_outage(
    snapshot: Snapshot,
) -> None:
    spans = "select uncertainty_seconds from model_promotion where not is_baseline"
    assert column(snapshot, spans) == {3600, 49 * 3600}


def test_what_served_when_the_registry_was_first_read_is_a_baseline(snapshot: Snapshot) -> None:
    wanted = {model.name for model in learning().models if model.registered == date(2024, 11, 1)}
    told = "select model from model_promotion where is_baseline and tier = 'production'"
    assert column(snapshot, told) == wanted


def test_one_model_has_many_versions_and_was_never_promoted(snapshot: Snapshot) -> None:
    promoted = "select model from model_promotion where tier = 'production'"
    assert {model.name for model in learning().models} - column(snapshot, promoted) == {
        "price-response"
    }


def test_where_stage_and_alias_contradict_the_alias_says_what_serves(
    snapshot: Snapshot, rows: dict[str, list[Record]]
) -> None:
    (stage,) = (e for e in of_kind(rows, ModelEvent) if e.kind == "stage")
    (serving,) = column(
        snapshot,
        "select version from model_promotion where model = 'tariff-code' "
        "and tier = 'production' and served_until_at is null",
    )
    assert (stage.model, stage.value) == ("tariff-code", "Production")
    assert serving != stage.version


def test_the_model_that_nobody_monitors_is_unknown_and_not_healthy(snapshot: Snapshot) -> None:
    assert figure(snapshot, "model_monitoring_coverage", model="churn-risk").value == 0
    drift = figure(snapshot, "model_drift_rate", model="churn-risk")
    assert (drift.value, drift.coverage) == (None, 0)


def test_one_model_drifts_for_a_fortnight_and_no_other(snapshot: Snapshot) -> None:
    days = snapshot.rows(
        "select model, count(*) as days, min(cast(local_at as date)) as first "
        "from model_day where is_drifted and tier = 'production' group by model"
    )
    assert days == [{"model": "arrival-estimate", "days": 14, "first": date(2026, 8, 3)}]
    alerts = "select started_at from alert_outcome where model = 'arrival-estimate'"
    assert {at.date() for at in column(snapshot, alerts)} == {date(2026, 8, 3)}


def test_one_model_loses_its_performance_and_the_others_hold_theirs(snapshot: Snapshot) -> None:
    assert (figure(snapshot, "model_performance_held", model="demand-forecast").value or 0) < 0.5
    lost = "select model from model_day where is_held = false and tier = 'production'"
    assert column(snapshot, lost) == {"demand-forecast"}


def test_a_model_trained_a_year_ago_is_stale(snapshot: Snapshot) -> None:
    assert figure(snapshot, "model_staleness", model="stock-forecast").value == 0
    assert figure(snapshot, "model_staleness", model="arrival-estimate").value == 1


def test_most_gates_pass_at_once_some_fail_and_one_warns(snapshot: Snapshot) -> None:
    states = snapshot.rows(
        "select first_gate_state as state, count(*) as n from model_promotion "
        "where excluded is null and tier = 'production' group by all"
    )
    counts = {row["state"]: row["n"] for row in states}
    assert counts["warn"] == 1
    assert 5 < counts["fail"] < counts["pass"] / 9


def test_some_promotions_lack_an_approval_and_some_are_approved_by_whoever_trained(
    snapshot: Snapshot,
) -> None:
    missing = "select model from model_promotion where is_approved = false and excluded is null"
    alone = "select model from model_promotion where is_segregated = false"
    assert {"pick-time", "churn-risk", "fuel-use"} <= column(snapshot, missing)
    assert column(snapshot, alone) == {"pick-time"}


def test_most_versions_could_be_made_again_and_each_fact_is_missing_somewhere(
    snapshot: Snapshot,
) -> None:
    assert 0.8 < (figure(snapshot, "model_reproducibility").value or 0) < 0.95
    for fact in ("has_commit", "has_dataset", "has_parameters", "has_environment", "has_seed"):
        assert snapshot.rows(f"select 1 from model_promotion where {fact} = false limit 1"), fact


def test_runs_that_may_not_be_read_leave_the_lead_time_unknown(snapshot: Snapshot) -> None:
    hidden = "select model from model_promotion where lead_state = 'run_not_read'"
    assert column(snapshot, hidden) == {"tariff-code"}
    assert column(snapshot, "select lead_state from model_promotion") == {"known", "run_not_read"}


def test_one_model_has_no_owner_and_one_that_serves_no_card(
    snapshot: Snapshot, rows: dict[str, list[Record]]
) -> None:
    nobodys = "select model from owned_model where team = 'unowned'"
    assert column(snapshot, nobodys) == {"yard-vision"}
    cards = {card.model for card in of_kind(rows, ModelCard)}
    assert {m.name for m in learning().models} - cards == {"pick-time", "price-response"}


# --- data ---------------------------------------------------------------------------------------


def test_two_stretches_of_data_were_missed_by_everyone(snapshot: Snapshot) -> None:
    missed = snapshot.rows(
        "select pipeline, slot_at from pipeline_slot where not has_run and excluded is null"
    )
    assert {(row["pipeline"], row["slot_at"].isoformat()) for row in missed} == {
        ("routing-speeds-daily", "2026-08-30T00:00:00+00:00"),
        ("tracking-legs-hourly", "2026-10-13T04:00:00+00:00"),
    }


def test_a_week_of_failures_is_made_up_for_by_a_backfill(snapshot: Snapshot) -> None:
    made_up = snapshot.rows(
        "select pipeline, count(*) as n, min(slot_at) as first from pipeline_outcome "
        "where excluded = 'backfill' group by all"
    )
    first = datetime(2026, 2, 10, tzinfo=UTC)
    assert made_up == [{"pipeline": "fleet-telemetry-daily", "n": 7, "first": first}]
    longest = "select max(recovery_seconds) from pipeline_outcome where is_first_failure"
    assert max(column(snapshot, longest)) > 6 * 86400


def test_runs_fail_and_recover_and_one_pipeline_is_flaky(snapshot: Snapshot) -> None:
    assert 0.97 < (figure(snapshot, "pipeline_success").value or 0) < 1
    assert (figure(snapshot, "pipeline_recovery_time").n or 0) > 5
    shares = snapshot.rows(
        "select pipeline, avg(case when is_flaky then 1.0 else 0.0 end) as share "
        "from pipeline_outcome where kind = 'data' group by pipeline"
    )
    assert [r["pipeline"] for r in shares if r["share"] > 0.2] == ["storefront-sessions"]


def test_pipelines_change_and_some_of_their_changes_make_them_fail(snapshot: Snapshot) -> None:
    pipelines = "select distinct pipeline from pipeline_change where excluded is null"
    assert len(snapshot.rows(pipelines)) == 9
    changes = figure(snapshot, "pipeline_change_fail_rate")
    assert changes.n > 50
    assert 0.02 < (changes.value or 0) < 0.15


def test_one_pipeline_comes_later_each_quarter(snapshot: Snapshot) -> None:
    quarters = snapshot.rows(
        "select date_trunc('quarter', local_at) as q, "
        "avg(case when is_met then 1.0 else 0.0 end) as met "
        "from pipeline_slot where pipeline = 'warehouse-stock-daily' "
        "and local_at >= timestamp '2026-01-01' and local_at < timestamp '2026-11-01' "
        "group by q order by q"
    )
    met = [row["met"] for row in quarters]
    assert all(later < earlier for earlier, later in pairwise(met))
    assert met[0] > 0.9
    assert met[-1] < 0.6


def test_checks_end_in_every_state(snapshot: Snapshot) -> None:
    states = "select state from data_check_outcome"
    assert column(snapshot, states) == {"pass", "warn", "fail", "error", "skipped"}
    assert 0.9 < (figure(snapshot, "data_quality").value or 0) < 1


def test_data_is_traced_from_outside_to_the_service_that_a_model_serves(
    rows: dict[str, list[Record]],
) -> None:
    below: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for edge in of_kind(rows, LineageEdge):
        start = (edge.from_kind, edge.from_name)
        below.setdefault(start, set()).add((edge.to_kind, edge.to_name))
    reached = {("dataset", "payments-bank-files")}
    for _ in range(5):
        reached |= {made for one in reached for made in below.get(one, ())}
    assert ("dataset", "payments-settled") in reached
    assert ("service", "payments-api") in reached
    assert ("service", "tracking-eta") not in reached


def test_one_dataset_comes_from_nowhere(snapshot: Snapshot) -> None:
    assert column(snapshot, "select dataset from dataset_node where not is_traced") == {
        "yard-pictures"
    }


# --- operations ---------------------------------------------------------------------------------


def test_half_of_the_alerts_are_noise_and_the_others_name_an_incident_that_is_known(
    snapshot: Snapshot,
) -> None:
    assert 0.4 < (figure(snapshot, "alert_noise").value or 0) < 0.65
    unknown = "select id from alert_outcome where link_method = 'named' and incident_url is null"
    assert column(snapshot, unknown) == set()
    crooked = (
        "select id from alert_outcome "
        "where acknowledged_at < started_at or resolved_at < acknowledged_at"
    )
    assert column(snapshot, crooked) == set()
    assert True in column(snapshot, "select is_remedied_by_machine from alert_outcome")


def test_one_service_burns_its_budget(snapshot: Snapshot) -> None:
    burnt = snapshot.rows(
        "select service, avg(burn_rate) as rate from indicator_day "
        "where local_at >= timestamp '2026-10-05' and local_at < timestamp '2026-10-26' "
        "group by service"
    )
    assert [row["service"] for row in burnt if (row["rate"] or 0) > 4] == ["storefront-checkout"]


def test_a_hole_in_the_measures_is_unknown(snapshot: Snapshot) -> None:
    holes = snapshot.rows(
        "select service, count(*) as n from indicator_day where value is null group by 1"
    )
    assert holes == [{"service": "routing-engine", "n": 3}]
    half = "select distinct known_seconds from indicator_day where service = 'routing-engine'"
    assert column(snapshot, half) == {0, 43_200, 86_400}


def test_the_share_of_processors_is_measured(snapshot: Snapshot) -> None:
    assert 0.5 < (figure(snapshot, "resource_utilisation").value or 0) < 0.8


# --- imports and gaps ---------------------------------------------------------------------------


def test_some_measures_are_imported_and_the_worth_of_one_initiative(
    rows: dict[str, list[Record]],
) -> None:
    imported = of_kind(rows, ImportedValue)
    assert {value.measure for value in imported} == {
        "training_attended", "user_adoption", "feature_reuse", "model_search_seconds",
        "demand_forecast_error", "infrastructure_cost", "initiative_value",
    }  # fmt: skip
    assert [value.about for value in imported if value.measure == "initiative_value"] == [
        "quote-answers"
    ]
    assert max(value.until_at for value in imported) <= UNTIL
    searched = [v for v in imported if v.measure == "model_search_seconds"]
    assert [(v.from_at.isoformat()[:7], v.value) for v in searched] == [
        ("2025-01", 5400),
        ("2025-07", 2700),
        ("2026-01", 900),
    ]


def test_what_the_tools_did_not_give_is_told(snapshot: Snapshot) -> None:
    told = {(row["stream"], row["reason"]) for row in snapshot.rows("select * from gap")}
    assert {
        ("models", "no_permission"),
        ("models", "unavailable"),
        ("operations", "unavailable"),
    } <= told
