"""Each invariant finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data.configuration import Configuration
from data.facts import build
from data.facts.checks import InvariantBroken, check_invariants, invariant_sql, invariants
from data.store.manifest import current_id
from data.store.workspace import Workspace
from tests.data.published import deployment, published

OUTCOME = "create table deployment_outcome as select 'd' as id, {}"
DELIVERY = "create table change_delivery as select 'c' as id, {}"
LINKED = "'d' as deployment, 'web' as service, 'production' as environment"

BROKEN = {
    "a_delivery_has_its_deployment": [
        DELIVERY.format(f"'delivered' as state, {LINKED}"),
        OUTCOME.format("'api' as service, 'production' as environment, 'success' as status"),
    ],
    "a_failure_was_deployed": [
        OUTCOME.format("true as is_failed, 'not deployed' as excluded"),
    ],
    "a_figure_has_its_state": [
        DELIVERY.format("'waiting' as state, 5 as lead_seconds, null as deployment"),
        OUTCOME.format("false as is_failed, null as recovery_seconds"),
    ],
    "each_change_is_delivered_once": [
        "create table change_delivery as select 'c' as id union all select 'c'",
    ],
    "each_change_of_a_pipeline_is_told_once": [
        "create table pipeline_change as select 'v' as id union all select 'v'",
        "create table objective_burn (id varchar)",
    ],
    "each_deployment_is_told_once": [
        "create table deployment_outcome as select 'd' as id union all select 'd'",
    ],
    "each_promotion_is_told_once": [
        "create table model_promotion as select 'p' as id union all select 'p'",
        "create table model_day (id varchar)",
        "create table pipeline_outcome (id varchar, source varchar)",
        "create table pipeline_slot (id varchar)",
        "create table model_gate (id varchar)",
        "create table model_failure (id varchar, source varchar)",
        "create table training_outcome (id varchar)",
        "create table model_inventory (source varchar, model varchar)",
        (
            "create table model_stretch"
            " (source varchar, model varchar, environment varchar, began_at timestamptz)"
        ),
    ],
    "no_alert_is_lost": [
        "create table alert as select timestamptz '2026-05-01 00:00:00+00' as started_at",
        "create table indicator (from_at timestamptz, until_at timestamptz)",
        (
            "create table data_check"
            " (kind varchar, dataset varchar, model varchar, checked_at timestamptz)"
        ),
        "create table alert_outcome (id varchar)",
        "create table indicator_day (id varchar)",
        "create table data_check_outcome (id varchar)",
    ],
    "no_change_is_lost": [
        "create table told_change as select 'c' as id",
        "create table change_told_again (ordinal bigint)",
        "create table change_elsewhere (changes bigint)",
        "create table change_arrival (ordinal bigint)",
    ],
    "no_delivery_is_lost": [
        "create table change_service as select 'web' as service, 'web' as repository",
        "create table delivery_route as select 'web' as service, 'web' as repository",
        "create table change_delivery (id varchar)",
    ],
    "no_deployment_is_lost": [
        "create table deployment as select 'd' as id",
        "create table deployment_told_again (ordinal bigint)",
        "create table deployment_outcome (id varchar)",
    ],
    "no_run_is_lost": [
        (
            "create table pipeline_run as select 'a' as source, 'w' as repository, 'p' as pipeline,"
            " '1' as run, timestamptz '2026-05-01 00:00:00+00' as created_at,"
            " null::timestamptz as started_at, null::timestamptz as finished_at"
        ),
        "create table pipeline_outcome (id varchar)",
    ],
    "no_promotion_is_lost": [
        "create table model_serving as select '1' as version",
        "create table training_run (finished_at timestamptz, started_at timestamptz)",
        "create table model (source varchar, name varchar)",
        "create table model_promotion (id varchar)",
        "create table model_stretch (id varchar)",
        "create table training_outcome (id varchar)",
        "create table model_inventory (model varchar)",
    ],
    "time_runs_forward": [
        DELIVERY.format(
            "-1 as lead_seconds, null as coding_seconds, null as pickup_seconds,"
            " null as review_seconds, null as deploy_seconds"
        ),
        OUTCOME.format("null as recovery_seconds"),
    ],
}


def test_every_invariant_has_a_case_here() -> None:
    assert set(invariants()) == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_an_invariant_selects_the_rows_against_it(name: str) -> None:
    with duckdb.connect() as connection:
        for statement in BROKEN[name]:
            connection.execute(statement)
        assert len(connection.execute(invariant_sql(name)).fetchall()) == 1


def test_a_broken_invariant_is_named_with_its_first_row() -> None:
    with duckdb.connect() as connection:
        connection.execute(BROKEN["a_failure_was_deployed"][0])
        with pytest.raises(InvariantBroken, match=r"`a_failure_was_deployed`.* 1 row.*'d'"):
            check_invariants(connection, ["a_failure_was_deployed"])


def test_facts_that_contradict_themselves_are_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with published(tmp_path, [deployment(1, "2026-05-01")]) as before:
        honest = build.fact_sql

        def doubled(name: str) -> str:
            sql = honest(name)
            return f"from ({sql}) union all from ({sql})" if name == "deployment_outcome" else sql

        monkeypatch.setattr(build, "fact_sql", doubled)
        broken = published(tmp_path, [deployment(2, "2026-05-02")], Configuration())
        with pytest.raises(InvariantBroken), broken:
            pass
        assert current_id(Workspace(tmp_path)) == before.id
