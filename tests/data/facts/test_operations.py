"""What alerts led to, what was measured of services, and what is known of data."""

from __future__ import annotations

from data.configuration import Configuration, ModelSettings
from data.model import DataCheck, Evaluation
from tests.data.facts.operations import alert, check, dataset, day, edge
from tests.data.facts.registry import CHURN, alias, run, version
from tests.data.facts.story import Facts, Row, Story, ran
from tests.data.published import at, incident


def alerts(facts: Facts) -> dict[str, Row]:
    return {row["id"][-1]: row for row in facts.snapshot.rows("select * from alert_outcome")}


def test_an_alert_leads_to_the_first_incident_of_its_service_within_an_hour(story: Story) -> None:
    facts = story(
        alert(1, "2026-05-01 10:00", "2026-05-01 10:30"),
        alert(2, "2026-05-02 10:00", "2026-05-02 10:30"),
        incident(1, "2026-05-01 10:20"),
        incident(2, "2026-05-02 11:31"),
    )
    told = alerts(facts)
    assert (told["1"]["is_noise"], told["1"]["link_method"]) == (False, "time")
    assert told["1"]["detect_seconds"] == 20 * 60
    assert told["1"]["resolve_seconds"] == 30 * 60
    assert (told["2"]["is_noise"], told["2"]["incident"]) == (True, None)


def test_the_incident_that_an_alert_names_goes_before_all_others(story: Story) -> None:
    named = "https://git.example/incidents/2"
    facts = story(
        alert(1, "2026-05-01 10:00", incident=named),
        incident(1, "2026-05-01 10:05"),
        incident(2, "2026-05-03"),
    )
    assert alerts(facts)["1"]["incident"] == "test:incident/2"
    assert alerts(facts)["1"]["link_method"] == "named"


def test_an_incident_that_nobody_reads_is_one_all_the_same(story: Story) -> None:
    told = alerts(story(alert(1, "2026-05-01", incident="PD-17")))["1"]
    assert (told["is_noise"], told["incident"], told["detect_seconds"]) == (False, "PD-17", None)


def test_an_alert_that_two_sources_tell_counts_once(story: Story) -> None:
    facts = story(
        alert(1, "2026-05-01 10:00"),
        alert(2, "2026-05-01 10:04", source="webhook", incident="PD-17"),
        alert(3, "2026-05-01 10:04", source="webhook", fingerprint="other"),
        alert(4, "2026-05-01 11:20", source="webhook"),
    )
    assert {n: row["is_told_again"] for n, row in alerts(facts).items()} == {
        "1": False,
        "2": True,
        "3": False,
        "4": False,
    }
    assert alerts(facts)["1"]["incident"] == "PD-17", "what the second knows is not lost"


def test_an_alert_that_comes_and_goes_is_taken_on_only_when_it_was(story: Story) -> None:
    taken_on = at("2026-05-01 10:03")
    facts = story(
        alert(1, "2026-05-01 10:00", "2026-05-01 10:10"),
        alert(2, "2026-05-01 10:40", "2026-05-01 10:50"),
        alert(3, "2026-05-01 10:01", source="webhook", acknowledged_at=taken_on, incident="PD-1"),
        alert(4, "2026-05-01 10:41", source="webhook"),
        alert(5, "2026-05-01 10:55", "2026-05-01 10:56"),
        incident(1, "2026-01-01"),
    )
    told = alerts(facts)
    assert (told["1"]["acknowledged_at"], told["1"]["incident"]) == (taken_on, "PD-1")
    assert (told["2"]["acknowledged_at"], told["2"]["is_self_ended"]) == (None, True)
    assert (told["2"]["incident"], told["2"]["is_noise"]) == (None, True)
    assert (told["5"]["acknowledged_at"], told["5"]["is_self_ended"]) == (None, None)


def test_what_an_alert_is_about_may_be_told_by_the_second_source(story: Story) -> None:
    about = {"source": "webhook", "service": "web", "model": "churn", "pipeline": "load"}
    facts = story(
        alert(1, "2026-05-01 10:00", service=None),
        alert(2, "2026-05-01 10:01", **about),
        alert(3, "2026-05-01 10:20", service=None),
    )
    told = [alerts(facts)[name] for name in "13"]
    assert [(row["service"], row["model"], row["pipeline"]) for row in told] == [
        ("web", "churn", "load"),
        ("web", "churn", "load"),
    ]


def test_before_incidents_were_known_nobody_knows_what_was_noise(story: Story) -> None:
    seen = alert(3, "2026-02-01", source="webhook", acknowledged_at=at("2026-02-02"))
    facts = story(
        alert(1, "2026-02-01 10:00", "2026-02-01 10:10", source="webhook", fingerprint="other"),
        alert(2, "2026-09-02 10:00", "2026-09-02 10:10", source="webhook"),
        seen,
        incident(1, "2026-09-01"),
    )
    told = alerts(facts)
    assert (told["1"]["is_noise"], told["1"]["is_self_ended"]) == (None, None)
    assert (told["2"]["is_noise"], told["2"]["is_self_ended"]) == (True, True)


def test_without_a_source_of_incidents_nobody_knows_what_is_noise(story: Story) -> None:
    assert alerts(story(alert(1, "2026-05-01", "2026-05-02")))["1"]["is_noise"] is None
    late = alert(1, "2026-10-31 23:30")
    assert alerts(story(late, incident(1, "2026-05-01")))["1"]["is_noise"] is None


def test_an_alert_ends_by_itself_without_anybody_and_without_an_incident(story: Story) -> None:
    taken_on = at("2026-05-01 10:05")
    facts = story(
        alert(1, "2026-05-01 10:00", "2026-05-01 10:10", acknowledged_at=taken_on),
        alert(2, "2026-05-02 10:00", "2026-05-02 10:10"),
        alert(3, "2026-05-03 10:00", "2026-05-03 10:10"),
        alert(4, "2026-05-04 10:00"),
        alert(5, "2026-05-05 10:00", "2026-05-05 10:10", service=None, fingerprint="5"),
        alert(6, "2026-10-31 23:00", "2026-10-31 23:30"),
        alert(7, "2026-05-07 10:00", "2026-05-07 10:10", source="untold"),
        incident(1, "2026-05-03 10:01"),
        incident(2, "2026-01-01"),
    )
    told = {n: row["is_self_ended"] for n, row in alerts(facts).items()}
    assert told == {
        "1": False,
        "2": True,
        "3": False,
        "4": None,
        "5": None,
        "6": None,
        "7": None,
    }


def test_who_tells_an_alert_too_may_tell_that_nobody_took_it_on(story: Story) -> None:
    facts = story(
        alert(1, "2026-05-01 10:00", "2026-05-01 10:10"),
        alert(2, "2026-05-01 10:01", "2026-05-01 10:10", source="webhook"),
        alert(3, "2026-05-02", source="webhook", acknowledged_at=at("2026-05-02 01:00")),
        incident(1, "2026-01-01"),
    )
    first = alerts(facts)["1"]
    assert (first["is_acknowledgement_told"], first["is_self_ended"]) == (True, True)


def test_an_alert_of_no_service_is_left_out_of_nothing(story: Story) -> None:
    told = alerts(story(alert(1, "2026-05-01", service=None)))["1"]
    assert (told["service"], told["team"], told["is_noise"]) == ("(not told)", "unowned", None)


def test_a_day_that_was_not_measured_is_neither_up_nor_down(story: Story) -> None:
    facts = story(ran(1, "2026-05-01"), day("2026-05-01", 0.998), day("2026-05-02", None))
    first, second = facts.snapshot.rows("select * from indicator_day order by from_at")
    assert round(first["burn_rate"], 6) == 2
    assert (second["value"], second["burn_rate"], second["known_seconds"]) == (None, None, 0)


def test_a_dataset_is_traced_if_it_is_made_from_another_or_comes_from_outside(
    story: Story,
) -> None:
    facts = story(
        dataset("orders"), dataset("raw", is_source=True), dataset("lost"), edge("raw", "orders")
    )
    rows = facts.snapshot.rows("select dataset, is_traced from dataset_node")
    assert {row["dataset"]: row["is_traced"] for row in rows} == {
        "lost": False,
        "orders": True,
        "raw": True,
    }


def test_drift_is_no_check_of_a_dataset(story: Story) -> None:
    facts = story(check(1, "pass", "2026-05-01"), check(2, "fail", "2026-05-01", kind="drift"))
    assert [row["id"] for row in facts.snapshot.rows("from data_check_outcome")] == ["test:check/1"]


def drift(feature: str | None, state: str, day: str) -> DataCheck:
    return DataCheck(
        id=f"test:drift/{feature}/{day}",
        source="test",
        dataset=None,
        name="drift",
        kind="drift",
        state=state,
        checked_at=at(f"{day} 03:00"),
        invocation=day,
        model="churn",
        feature=feature,
    )


def measured(value: float | None, on: str, run: str | None = None) -> Evaluation:
    return Evaluation(
        id=f"test:evaluation/{on}/{run}",
        source="test",
        run=run,
        model="churn",
        version=None,
        metric="auc",
        value=value,
        dataset=None,
        evaluated_at=at(on),
    )


def days(facts: Facts) -> dict[str, Row]:
    rows = facts.snapshot.rows("select * from model_day order by happened_at")
    return {f"{row['happened_at']:%m-%d}": row for row in rows}


SERVED = (CHURN, version(1), version(2), alias(1, "2026-10-20"))
WATCHED = Configuration(
    model=(ModelSettings(name="churn", metric="auc", tolerance=0.05, retrain_days=210),)
)


def test_a_model_has_a_row_for_each_day_on_which_it_served(story: Story) -> None:
    facts = story(SERVED, alias(2, "2026-10-25 06:00", "2026-10-25"))
    assert list(days(facts)) == [f"10-{day}" for day in range(20, 32)]
    assert [row["version"] for row in days(facts).values()] == ["1"] * 5 + ["2"] * 7


def test_a_day_without_a_check_is_not_monitored_and_not_steady(story: Story) -> None:
    facts = story(SERVED, drift("age", "fail", "2026-10-21"), drift("income", "pass", "2026-10-21"))
    told = days(facts)
    assert (told["10-21"]["monitored_features"], told["10-21"]["drifted_features"]) == (2, 1)
    assert told["10-21"]["is_drifted"] is True
    assert (told["10-22"]["is_monitored"], told["10-22"]["is_drifted"]) == (False, None)


def test_what_the_tool_says_of_the_whole_goes_before_the_share_of_features(story: Story) -> None:
    facts = story(SERVED, drift("age", "fail", "2026-10-21"), drift(None, "pass", "2026-10-21"))
    assert days(facts)["10-21"]["is_drifted"] is False


def test_performance_is_held_against_the_value_at_training_for_seven_days(story: Story) -> None:
    facts = story(
        SERVED,
        run(1),
        measured(0.9, "2026-04-01", "test:run/1"),
        measured(0.86, "2026-10-21"),
        measured(0.84, "2026-10-24"),
        by=WATCHED,
    )
    told = {day: (row["performance_state"], row["is_held"]) for day, row in days(facts).items()}
    assert told["10-20"] == ("not measured in seven days", None)
    assert told["10-21"] == told["10-23"] == ("known", True)
    assert told["10-24"] == told["10-30"] == ("known", False)
    assert told["10-31"] == ("not measured in seven days", None)


def test_without_a_metric_or_a_value_at_training_nothing_is_known(story: Story) -> None:
    told = days(story(SERVED, run(1), measured(0.86, "2026-10-21")))
    assert told["10-21"]["performance_state"] == "no metric named"
    told = days(story(SERVED, run(1), measured(0.86, "2026-10-21"), by=WATCHED))
    assert told["10-21"]["performance_state"] == "no value at training"


def test_a_model_is_fresh_until_its_training_lies_too_far_back(story: Story) -> None:
    facts = story(SERVED, run(1, "2026-04-01"), by=WATCHED)
    told = {day: row["is_fresh"] for day, row in days(facts).items()}
    assert told["10-27"] is True
    assert told["10-28"] is False
