"""Which version of a model served when, what became of each promotion, and how it was made."""

from __future__ import annotations

from typing import Any

import pytest

from data.configuration import Configuration, ModelSettings, Registry, Team
from data.model import LineageEdge, Record
from tests.data.facts.registry import (
    CHURN,
    alert,
    alias,
    committed,
    event,
    gate,
    run,
    stage,
    tag,
    version,
)
from tests.data.facts.story import Facts, Row, Story
from tests.data.published import at, incident

THREE = [CHURN, *(version(number) for number in (1, 2, 3))]
FIRST = alias(1, "2026-05-01")


def promotions(facts: Facts) -> list[Row]:
    return facts.snapshot.rows("select * from model_promotion order by promoted_at, id")


def told(facts: Facts, column: str) -> dict[str, object]:
    """A column of each promotion by its version and day."""
    return {
        f"{row['version']} {row['promoted_at']:%m-%d}": row[column] for row in promotions(facts)
    }


def test_a_promotion_lies_between_two_readings_and_counts_at_the_later(story: Story) -> None:
    facts = story(THREE, FIRST, alias(2, "2026-05-10 06:00", "2026-05-10"))
    baseline, promotion = promotions(facts)
    assert (baseline["excluded"], baseline["promoted_after_at"]) == ("baseline", None)
    assert promotion["excluded"] is None
    assert (promotion["version_before"], promotion["version"]) == ("1", "2")
    assert promotion["promoted_at"] == promotion["happened_at"] == at("2026-05-10 06:00")
    assert (promotion["uncertainty_seconds"], promotion["is_uncertain"]) == (6 * 3600, False)
    assert promotion["rule"] == "alias:champion"


def test_the_first_version_of_a_model_that_came_later_is_a_promotion(story: Story) -> None:
    facts = story(THREE, alias(1, "2026-05-10 06:00", "2026-05-10"))
    assert told(facts, "excluded") == {"1 05-10": None}


def test_the_same_version_again_is_no_promotion(story: Story) -> None:
    facts = story(THREE, FIRST, alias(1, "2026-05-10", "2026-05-09"))
    assert told(facts, "excluded") == {"1 05-01": "baseline"}


def test_an_alias_that_points_nowhere_ends_what_served(story: Story) -> None:
    facts = story(
        THREE, FIRST, alias(None, "2026-05-10", "2026-05-09"), alias(2, "2026-05-20", "2026-05-19")
    )
    baseline, promotion = promotions(facts)
    assert baseline["served_until_at"] == at("2026-05-10")
    assert promotion["version_before"] == "1"


def test_going_back_to_what_served_within_thirty_days_is_a_rollback(story: Story) -> None:
    facts = story(
        THREE,
        FIRST,
        alias(2, "2026-05-10", "2026-05-09"),
        alias(1, "2026-05-12", "2026-05-11"),
        alias(3, "2026-05-20", "2026-05-19"),
        alias(2, "2026-08-01", "2026-07-31"),
    )
    assert told(facts, "is_rollback") == {
        "1 05-01": False,
        "2 05-10": False,
        "1 05-12": True,
        "3 05-20": False,
        "2 08-01": True,
    }
    assert told(facts, "failure_reason")["2 05-10"] == "rollback"
    assert told(facts, "is_failed")["3 05-20"] is False


def test_a_rollback_after_more_than_a_week_does_not_make_a_promotion_fail(story: Story) -> None:
    facts = story(
        THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"), alias(1, "2026-05-18", "2026-05-17")
    )
    assert told(facts, "is_rollback")["1 05-18"] is True
    assert told(facts, "is_failed")["2 05-10"] is False


@pytest.mark.parametrize(
    ("started_at", "reason"),
    [
        ("2026-05-10", "alert"),
        ("2026-05-16 23:59", "alert"),
        ("2026-05-17", None),
        ("2026-05-09", None),
    ],
)
def test_an_alert_about_the_model_within_a_week_makes_a_promotion_fail(
    story: Story, started_at: str, reason: str | None
) -> None:
    facts = story(THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"), alert(started_at))
    assert told(facts, "failure_reason")["2 05-10"] == reason


def test_an_incident_of_the_service_that_serves_it_makes_a_promotion_fail(story: Story) -> None:
    serves = Configuration(model=(ModelSettings(name="ch*", service="web"),))
    records = (THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"), incident(1, "2026-05-11"))
    assert told(story(*records, by=serves), "failure_reason")["2 05-10"] == "incident"
    assert told(story(*records), "failure_reason")["2 05-10"] is None


def test_what_was_promoted_in_the_last_week_has_not_had_its_time_to_fail(story: Story) -> None:
    facts = story(
        THREE,
        FIRST,
        alias(2, "2026-10-25", "2026-10-24"),
        alias(3, "2026-10-25 00:01", "2026-10-25"),
    )
    assert told(facts, "is_complete")["2 10-25"] is True
    assert told(facts, "is_complete")["3 10-25"] is False


def test_of_several_rules_the_first_counts_that_the_registry_uses(story: Story) -> None:
    staged = [
        stage(1, "Production", "2026-05-01", "2026-04-30"),
        stage(2, "Production", "2026-05-10", "2026-05-09"),
        stage(1, "Archived", "2026-05-10", "2026-05-09", previous="Production"),
    ]
    assert list(told(story(THREE, staged), "rule")) == ["1 05-01", "2 05-10"]
    both = story(THREE, staged, FIRST, alias(3, "2026-06-01", "2026-05-31"))
    assert told(both, "rule") == {"1 05-01": "alias:champion", "3 06-01": "alias:champion"}


def test_where_two_versions_hold_a_stage_the_one_that_got_it_last_serves(story: Story) -> None:
    facts = story(
        THREE,
        stage(1, "Production", "2026-05-01", "2026-04-30"),
        stage(2, "Production", "2026-05-10", "2026-05-09"),
        stage(2, "Archived", "2026-05-12", "2026-05-11"),
    )
    assert told(facts, "is_rollback") == {"1 05-01": False, "2 05-10": False, "1 05-12": True}


def test_the_configuration_says_what_means_production(story: Story) -> None:
    by = Configuration(
        registry=(Registry(source="test", environments={"live": ["tag:env=live"]}),),  # type: ignore[dict-item]
        team=(Team(name="growth", owns=("model:churn",), timezone="Asia/Tokyo"),),
    )
    facts = story(THREE, FIRST, tag(2, "env", "live", "2026-05-10 20:00", "2026-05-10"), by=by)
    (promotion,) = promotions(facts)
    assert (promotion["environment"], promotion["tier"]) == ("live", "production")
    assert promotion["team"] == "growth"
    assert promotion["local_at"].isoformat() == "2026-05-11T05:00:00"


def test_rules_of_another_source_do_not_count(story: Story) -> None:
    by = Configuration(registry=(Registry(source="other", environments={"live": ["alias:x"]}),))  # type: ignore[dict-item]
    assert told(story(THREE, FIRST, by=by), "environment") == {"1 05-01": "production"}


def test_the_lead_time_ends_with_the_promotion_and_begins_with_the_end_of_the_run(
    story: Story,
) -> None:
    facts = story(
        THREE,
        FIRST,
        run(2, "2026-05-08"),
        committed(2, "2026-05-06"),
        alias(2, "2026-05-10", "2026-05-09"),
    )
    promotion = promotions(facts)[1]
    assert promotion["lead_state"] == "known"
    assert promotion["lead_seconds"] == 2 * 86400
    assert promotion["commit_lead_seconds"] == 4 * 86400


def test_a_promotion_whose_readings_lie_more_than_a_day_apart_is_uncertain(story: Story) -> None:
    days = (alias(2, "2026-05-10", "2026-05-09"), alias(3, "2026-05-20 00:00:01", "2026-05-19"))
    assert told(story(THREE, FIRST, *days), "is_uncertain") == {
        "1 05-01": None,
        "2 05-10": False,
        "3 05-20": True,
    }


def test_the_time_from_data_begins_with_the_first_run_that_read_the_newest_of_it(
    story: Story,
) -> None:
    facts = story(
        THREE,
        FIRST,
        run(1, "2026-04-02", started_at=at("2026-04-01"), datasets=("old@1a",)),
        run(9, "2026-05-06", started_at=at("2026-05-05"), datasets=("new@2b", "raw")),
        run(2, "2026-05-08", started_at=at("2026-05-07"), datasets=("old@1a", "new@2b")),
        alias(2, "2026-05-10", "2026-05-09"),
    )
    assert told(facts, "data_lead_seconds")["2 05-10"] == 5 * 86400
    nameless = story(THREE, FIRST, run(1, "2026-04-02", datasets=("old",)))
    assert told(nameless, "data_lead_seconds") == {"1 05-01": None}


def test_a_time_that_a_registry_puts_ahead_of_its_reading_is_that_of_the_reading(
    story: Story,
) -> None:
    facts = story(THREE, FIRST, alias(2, "2036-05-10", "2036-05-09"))
    ahead = promotions(facts)[1]
    assert ahead["promoted_at"] < at("2036-01-01")
    assert ahead["promoted_after_at"] is None
    (watch,) = facts.snapshot.rows("from model_watch")
    assert watch["last_at"] == ahead["promoted_at"]


def test_a_version_that_was_never_read_says_so(story: Story) -> None:
    assert told(story(CHURN, FIRST), "lead_state") == {"1 05-01": "version_not_read"}


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([version(2, run=None)], "no_run"),
        ([], "run_not_read"),
        ([run(2, None, result="running")], "no_end"),
        ([run(2, "2026-05-11")], "negative"),
    ],
)
def test_a_lead_time_that_is_not_known_says_why(
    story: Story, records: list[object], state: str
) -> None:
    facts = story(THREE, FIRST, records, alias(2, "2026-05-10", "2026-05-09"))  # type: ignore[arg-type]
    assert (promotions(facts)[1]["lead_state"], promotions(facts)[1]["lead_seconds"]) == (
        state,
        None,
    )


def test_a_version_with_all_six_facts_can_be_made_again(story: Story) -> None:
    facts = story(THREE, FIRST, run(1), committed(1, "2026-03-01"))
    assert told(facts, "is_reproducible") == {"1 05-01": True}
    assert told(facts, "has_lineage") == {"1 05-01": True}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"sha": None}, "has_commit"),
        ({"is_clean": False}, "has_commit"),
        ({"datasets": ()}, "has_dataset"),
        ({"datasets": ("customers",)}, "has_dataset"),
        ({"parameter_count": 0}, "has_parameters"),
        ({"has_environment": False}, "has_environment"),
        ({"result": "failure"}, "has_finished"),
        ({"has_seed": False}, "has_seed"),
    ],
)
def test_a_version_that_lacks_a_fact_cannot_be_made_again(
    story: Story, fields: dict[str, object], column: str
) -> None:
    facts = story(THREE, FIRST, run(1, **fields), committed(1, "2026-03-01"))
    assert told(facts, column) == {"1 05-01": False}
    assert told(facts, "is_reproducible") == {"1 05-01": False}


def test_what_a_registry_cannot_tell_is_unknown(story: Story) -> None:
    silent = run(1, datasets=None, has_environment=None)
    facts = story(THREE, FIRST, silent, committed(1, "2026-03-01"))
    assert told(facts, "is_reproducible") == {"1 05-01": None}
    assert told(facts, "has_lineage") == {"1 05-01": None}
    unread = story(THREE, FIRST)
    assert told(unread, "is_reproducible") == {"1 05-01": None}
    assert told(story(CHURN, version(1, run=None), FIRST), "is_reproducible") == {"1 05-01": False}


def read_by_run(run_id: str | None, digest: str | None = "ab12", **fields: object) -> LineageEdge:
    """Data named `orders` that leads to version 1, as an edge of another source than the run."""
    told: dict[str, Any] = {"to_kind": "model_version", "to_name": "churn@1", "run": run_id}
    return LineageEdge(
        id=f"test:edge/orders/{run_id}/{fields}", source="test", from_kind="dataset",
        from_name="orders", from_digest=digest, **(told | fields),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("records", "is_traced", "lacks"),
    [
        ((run(1, datasets=("orders",)),), False, "digest"),
        ((run(1, datasets=("orders", "customers@1a")),), False, "digest"),
        ((run(1, datasets=()),), False, "dataset"),
        ((run(1, datasets=None), read_by_run(None)), None, None),
        ((run(1, datasets=None), read_by_run("test:run/1")), True, None),
        ((run(1, datasets=None), read_by_run("test:run/1", None)), False, "digest"),
        ((run(1, datasets=("orders",)), read_by_run("test:run/1")), True, None),
        ((run(1, datasets=()), read_by_run("test:run/7")), False, "dataset"),
        ((read_by_run(None, to_kind="run", to_name="test:run/1"),), True, None),
        ((run(1, datasets=("raw@1a",)), read_by_run("test:run/1", None)), False, "digest"),
    ],
)
def test_a_version_is_traced_along_the_run_that_made_it(
    story: Story, records: tuple[Record, ...], is_traced: bool | None, lacks: str | None
) -> None:
    facts = story(THREE, FIRST, *records)
    assert told(facts, "has_lineage") == {"1 05-01": is_traced}
    assert told(facts, "lineage_lacks") == {"1 05-01": lacks}


def test_data_that_leads_to_a_version_without_a_run_does_not_trace_it(story: Story) -> None:
    facts = story(CHURN, version(1, run=None), FIRST, read_by_run(None))
    assert told(facts, "has_lineage") == {"1 05-01": False}
    assert told(facts, "lineage_lacks") == {"1 05-01": "run"}


def test_the_lineage_of_a_version_that_was_never_read_is_unknown(story: Story) -> None:
    facts = story(CHURN, FIRST, read_by_run("test:run/1"))
    assert told(facts, "has_lineage") == {"1 05-01": None}
    assert told(facts, "lineage_lacks") == {"1 05-01": None}


def test_a_commit_that_nobody_read_is_unknown(story: Story) -> None:
    assert told(story(THREE, FIRST, run(1)), "has_commit") == {"1 05-01": None}


def test_the_image_a_run_used_stands_for_its_seed(story: Story) -> None:
    facts = story(THREE, FIRST, run(1, has_seed=False, image="sha256:1a"))
    assert told(facts, "has_seed") == {"1 05-01": True}


def test_the_first_gate_counts_and_not_the_one_that_passed_at_last(story: Story) -> None:
    facts = story(
        THREE,
        FIRST,
        gate(2, "skipped", "2026-05-01"),
        gate(2, "fail", "2026-05-02"),
        gate(2, "pass", "2026-05-03"),
        alias(2, "2026-05-10", "2026-05-09"),
    )
    assert told(facts, "first_gate_state")["2 05-10"] == "fail"
    assert told(facts, "is_gated")["2 05-10"] is True


def gates(facts: Facts) -> dict[str, object]:
    rows = facts.snapshot.rows("select version, first_gate_state from model_gate")
    return {row["version"]: row["first_gate_state"] for row in rows}


def test_an_attempt_is_as_good_as_the_worst_of_its_checks(story: Story) -> None:
    facts = story(
        THREE,
        gate(2, "pass", "2026-05-02", invocation="a"),
        gate(2, "fail", "2026-05-02 00:01", invocation="a"),
        gate(3, "warn", "2026-05-02", invocation="b"),
    )
    assert gates(facts) == {"2": "fail", "3": "warn"}, "also of versions that never served"


def test_a_gate_that_failed_again_is_not_passed(story: Story) -> None:
    facts = story(
        THREE,
        FIRST,
        gate(2, "pass", "2026-05-02"),
        gate(2, "fail", "2026-05-08"),
        alias(2, "2026-05-10", "2026-05-09"),
    )
    assert told(facts, "is_gated")["2 05-10"] is False


def test_a_version_that_comes_back_was_promoted_when_the_other_left(story: Story) -> None:
    facts = story(
        THREE,
        stage(1, "Production", "2026-05-01", None),
        stage(2, "Production", "2026-05-10", "2026-05-09"),
        stage(2, "Archived", "2026-05-12", "2026-05-11"),
    )
    baseline, _, back = promotions(facts)
    assert (baseline["excluded"], back["excluded"]) == ("baseline", "rollback")
    assert back["promoted_after_at"] == at("2026-05-11")
    assert len({row["id"] for row in promotions(facts)}) == 3


def test_a_deleted_version_serves_no_more_whatever_its_tags_said(story: Story) -> None:
    by = Configuration(registry=(Registry(environments={"live": ["tag:env=live"]}),))  # type: ignore[dict-item]
    gone = event("deleted", None, "2026-05-20", "2026-05-19", version=2)
    facts = story(THREE, tag(2, "env", "live", "2026-05-10", "2026-05-09"), gone, by=by)
    assert promotions(facts)[0]["served_until_at"] == at("2026-05-20")


def test_each_model_has_the_rule_that_is_used_for_it(story: Story) -> None:
    other = stage(1, "Production", "2026-05-01", "2026-04-30", model="fraud", id="test:fraud/1")
    facts = story(THREE, FIRST, other)
    assert {row["model"]: row["rule"] for row in promotions(facts)} == {
        "churn": "alias:champion",
        "fraud": "stage:Production",
    }


def test_what_a_stage_told_before_the_first_alias_stays(story: Story) -> None:
    facts = story(
        THREE,
        stage(1, "Production", "2026-05-01", "2026-04-30"),
        stage(2, "Production", "2026-05-10", "2026-05-09"),
        alias(3, "2026-10-01", "2026-09-30"),
    )
    assert told(facts, "rule") == {
        "1 05-01": "stage:Production",
        "2 05-10": "stage:Production",
        "3 10-01": "alias:champion",
    }


def test_a_promotion_that_nothing_would_show_to_fail_is_not_watched(story: Story) -> None:
    moved = (THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"))
    assert told(story(*moved), "is_watched")["2 05-10"] is False
    assert told(story(*moved, alert("2026-04-01")), "is_watched")["2 05-10"] is True


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(alert("2026-04-01", model="fraud"), id="about another model"),
        pytest.param(alert("2026-05-11", model=None), id="about no model"),
        pytest.param(alert("2026-09-01"), id="told since September"),
        pytest.param(incident(1, "2026-04-01", service="other"), id="of another service"),
        pytest.param(incident(1, "2026-09-01"), id="an incident since September"),
    ],
)
def test_what_cannot_show_a_failure_of_a_promotion_does_not_watch_it(
    story: Story, other: Record
) -> None:
    by = Configuration(model=(ModelSettings(name="churn", service="web"),))
    moved = (THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"))
    assert told(story(*moved, other, by=by), "is_watched")["2 05-10"] is False
    early = incident(2, "2026-04-01")
    assert told(story(*moved, other, early, by=by), "is_watched")["2 05-10"] is True


@pytest.mark.parametrize(
    ("passed_at", "is_gated"),
    [("2026-05-09", True), ("2026-05-09 12:00", None), ("2026-05-10 01:00", False)],
)
def test_a_gate_must_have_passed_before_the_promotion_can_have_been(
    story: Story, passed_at: str, is_gated: bool | None
) -> None:
    facts = story(THREE, FIRST, gate(2, "pass", passed_at), alias(2, "2026-05-10", "2026-05-09"))
    assert told(facts, "is_gated")["2 05-10"] is is_gated


def test_an_approval_is_a_tag_that_the_configuration_names(story: Story) -> None:
    by = Configuration(registry=(Registry(approval="tag:review=ok"),))
    approved = tag(2, "review", "ok", "2026-05-08", "2026-05-07", actor="ada")
    made = version(2, created_by="bo")
    facts = story(CHURN, made, FIRST, approved, alias(2, "2026-05-10", "2026-05-09"), by=by)
    assert told(facts, "is_approved")["2 05-10"] is True
    assert told(facts, "is_segregated")["2 05-10"] is True
    assert told(facts, "is_approved")["1 05-01"] is False


def test_a_model_is_watched_since_it_was_first_seen_to_serve(story: Story) -> None:
    facts = story(THREE, FIRST, alias(2, "2026-05-10", "2026-05-09"))
    (watch,) = facts.snapshot.rows("from model_watch")
    assert (watch["model"], watch["environment"]) == ("churn", "production")
    assert watch["first_at"] == at("2026-05-01")
    assert watch["until_at"] == at("2026-11-01")


def test_versions_that_serve_are_those_an_endpoint_was_told_to(story: Story) -> None:
    served = [
        event("serving", "production", "2026-05-01", "2026-05-01", version=1, value="deployed"),
        event("serving", "production", "2026-05-09", "2026-05-09", version=2, value="deployed"),
        event("serving", "production", "2026-05-09 00:10", "2026-05-09 00:10", version=1),
    ]
    assert told(story(THREE, served), "rule") == {
        "1 05-01": "serving:production",
        "2 05-09": "serving:production",
    }


def inventory(facts: Facts) -> Row:
    (row,) = facts.snapshot.rows("from model_inventory")
    return row


def test_the_inventory_tells_what_serves_now_and_how_sure_that_is(story: Story) -> None:
    facts = story(THREE, run(2, "2026-10-02"), FIRST, alias(2, "2026-10-10 06:00", "2026-10-10"))
    row = inventory(facts)
    assert (row["version"], row["newest_version"], row["version_count"]) == ("2", "3", 3)
    assert (row["promoted_after_at"], row["promoted_at"]) == (
        at("2026-10-10"),
        at("2026-10-10 06:00"),
    )
    assert row["age_seconds"] == 30 * 86400
    assert (row["is_fresh"], row["is_drifted"], row["has_card"]) == (None, None, False)


def test_a_model_that_never_served_is_in_the_inventory_all_the_same(story: Story) -> None:
    row = inventory(story(THREE))
    assert (row["model"], row["version"], row["promoted_at"]) == ("churn", None, None)


def test_a_stage_that_names_another_version_than_the_alias_contradicts(story: Story) -> None:
    staged = stage(2, "Production", "2026-05-02", "2026-05-01")
    assert inventory(story(THREE, FIRST, staged))["is_contrary"] is True
    agreed = stage(1, "Production", "2026-05-02", "2026-05-01")
    assert inventory(story(THREE, FIRST, agreed))["is_contrary"] is False
    left = stage(2, "Archived", "2026-05-04", "2026-05-03")
    assert inventory(story(THREE, FIRST, staged, left))["is_contrary"] is False


def test_the_rules_of_the_registry_say_which_stage_contradicts(story: Story) -> None:
    rules = {"production": ("alias:champion", "stage:Live")}
    by = Configuration(registry=(Registry(source="test", environments=rules),))
    live = stage(2, "Live", "2026-05-02", "2026-05-01")
    usual = stage(2, "Production", "2026-05-02", "2026-05-01")
    assert inventory(story(THREE, FIRST, live, by=by))["is_contrary"] is True
    assert not inventory(story(THREE, FIRST, usual, by=by))["is_contrary"]


def test_a_version_serves_production_by_the_tier_of_its_environment(story: Story) -> None:
    rules = {"live": ("alias:champion",), "pre-production": ("stage:Lab",)}
    by = Configuration(registry=(Registry(source="test", environments=rules),))
    facts = story(THREE, FIRST, stage(2, "Lab", "2026-05-02", "2026-05-01"), by=by)
    rows = facts.snapshot.rows("from model_version_origin order by number")
    assert {row["serves"]: row["is_in_production"] for row in rows} == {
        "live": True,
        "pre-production": False,
        None: False,
    }


def test_the_timeline_holds_each_stretch_with_its_bounds(story: Story) -> None:
    facts = story(
        THREE,
        FIRST,
        alias(2, "2026-05-10 06:00", "2026-05-10"),
        alias(1, "2026-05-12", "2026-05-11"),
    )
    rows = facts.snapshot.rows("select * from model_stretch order by began_at")
    assert [(r["version"], r["is_baseline"], r["is_rollback"], r["is_failed"]) for r in rows] == [
        ("1", True, False, False),
        ("2", False, False, True),
        ("1", False, True, False),
    ]
    assert [row["began_after_at"] for row in rows] == [None, at("2026-05-10"), at("2026-05-11")]
    assert [row["ended_at"] for row in rows] == [at("2026-05-10 06:00"), at("2026-05-12"), None]
