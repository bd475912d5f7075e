"""How runs of pipelines ended, when failures were mended, and what was processed in time."""

from __future__ import annotations

import pytest

from data.configuration import Configuration, PipelineSettings, Team
from data.model import Repository
from tests.data.facts.operations import run
from tests.data.facts.story import Facts, Row, Story
from tests.data.published import at, repository

IN_AN_HOUR = Configuration(pipeline=(PipelineSettings(name="lo*", freshness_minutes=60),))


def outcomes(facts: Facts) -> dict[str, Row]:
    rows = facts.snapshot.rows("select * from pipeline_outcome order by happened_at")
    return {row["run"]: row for row in rows}


def slots(facts: Facts) -> dict[str, Row]:
    rows = facts.snapshot.rows("select * from pipeline_slot order by slot_at")
    return {f"{row['slot_at']:%m-%d}": row for row in rows}


def test_a_failure_is_mended_by_the_next_success(story: Story) -> None:
    facts = story(
        run(1, "2026-05-01"),
        run(2, "2026-05-02", "failure"),
        run(3, "2026-05-03", "failure"),
        run(4, "2026-05-04"),
    )
    told = outcomes(facts)
    assert [told[n]["is_first_failure"] for n in "1234"] == [False, True, False, False]
    assert told["2"]["mended_at"] == at("2026-05-04")
    assert told["2"]["recovery_seconds"] == 2 * 86400
    assert told["1"]["mended_at"] is None


def test_a_pipeline_that_is_still_broken_has_no_recovery_time(story: Story) -> None:
    facts = story(run(1, "2026-05-01"), run(2, "2026-05-02", "failure"))
    assert outcomes(facts)["2"]["is_first_failure"] is True
    assert outcomes(facts)["2"]["recovery_seconds"] is None


def test_a_run_is_judged_by_its_last_attempt_and_is_flaky_then(story: Story) -> None:
    facts = story(run(1, "2026-05-01", "failure"), run(1, "2026-05-01 01:00", attempt=2))
    (told,) = outcomes(facts).values()
    assert (told["result"], told["attempts"], told["is_flaky"]) == ("success", 2, True)


@pytest.mark.parametrize(("tries", "is_flaky"), [(0, False), (1, True), (None, None)])
def test_a_success_with_tasks_that_were_tried_again_is_flaky(
    story: Story, tries: int | None, is_flaky: bool | None
) -> None:
    facts = story(run(1, "2026-05-01", retried_tasks=tries))
    assert outcomes(facts)["1"]["is_flaky"] is is_flaky


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"is_backfill": True}, "backfill"),
        ({"result": "running"}, "running"),
        ({"result": "cancelled"}, "cancelled"),
        ({"kind": "delivery", "repository": "web", "branch": "topic"}, "not on the mainline"),
        ({"kind": "delivery", "repository": "web", "branch": "main"}, None),
    ],
)
def test_runs_that_say_nothing_of_the_pipeline_are_left_out(
    story: Story, fields: dict[str, object], reason: str | None
) -> None:
    facts = story(repository("web"), run(1, "2026-05-01", **fields))
    assert outcomes(facts)["1"]["excluded"] == reason


def test_a_pipeline_of_a_repository_bears_its_name_and_has_its_owner(story: Story) -> None:
    told: Repository = repository("acme/web")
    by = Configuration(
        team=(
            Team(name="data", owns=("pipeline:load",), timezone="Asia/Tokyo"),
            Team(name="web", owns=("repo:acme/*",)),
        )
    )
    ci = run(2, "2026-05-01", pipeline="CI", repository="acme/web", kind="delivery", branch="main")
    facts = story(told, run(1, "2026-04-30 20:00"), ci, by=by)
    assert outcomes(facts)["2"]["pipeline"] == "acme/web/CI"
    assert [row["team"] for row in outcomes(facts).values()] == ["data", "web"]
    assert outcomes(facts)["1"]["local_at"].isoformat() == "2026-05-01T05:00:00"


def daily(days: str, **fields: object) -> list[object]:
    """A run half an hour after each midnight of May."""
    return [
        run(int(day), f"2026-05-{day} 00:30", slot_at=at(f"2026-05-{day}"), **fields)
        for day in days.split()
    ]


def test_a_stretch_is_met_if_a_run_succeeded_in_the_agreed_time(story: Story) -> None:
    late = run(2, "2026-05-02 01:01", slot_at=at("2026-05-02"))
    just = run(3, "2026-05-03 01:00", slot_at=at("2026-05-03"))
    failed = run(4, "2026-05-04 00:30", "failure", slot_at=at("2026-05-04"))
    facts = story(daily("01"), late, just, failed, by=IN_AN_HOUR)
    assert {day: row["is_met"] for day, row in slots(facts).items()} == {
        "05-01": True,
        "05-02": False,
        "05-03": True,
        "05-04": False,
    }
    assert slots(facts)["05-02"]["delay_seconds"] == 3660


def test_a_stretch_that_no_run_was_for_is_missed_where_the_others_are_regular(
    story: Story,
) -> None:
    days = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"
    facts = story(daily(days), by=IN_AN_HOUR)
    found = slots(facts)
    assert found["05-15"]["has_run"] is False
    assert found["05-15"]["is_met"] is False
    assert found["05-14"]["is_met"] is True
    assert found["05-31"]["has_run"] is False, "it stopped, and everything since is missing"
    assert max(found) == "11-01"


def test_nothing_is_made_up_where_stretches_are_irregular(story: Story) -> None:
    facts = story(daily("01 02 05 06 11 12 20"), by=IN_AN_HOUR)
    assert all(row["has_run"] for row in slots(facts).values())


def test_a_backfill_comes_too_late(story: Story) -> None:
    facts = story(daily("01", is_backfill=True), by=IN_AN_HOUR)
    assert slots(facts)["05-01"]["is_met"] is False


def test_what_nothing_was_agreed_for_and_what_is_not_due_is_left_out(story: Story) -> None:
    facts = story(daily("01"))
    assert slots(facts)["05-01"]["excluded"] == "nothing agreed"
    now = run(1, None, "running", slot_at=at("2026-10-31 23:30"))
    assert slots(story(now, by=IN_AN_HOUR))["10-31"]["excluded"] == "not due"


def test_a_run_that_two_sources_tell_counts_once_and_the_one_who_knows_backfills_tells_it(
    story: Story,
) -> None:
    facts = story(
        run(1, "2026-05-01 01:00", is_backfill=True, id="orchestrator", source="orchestrator"),
        run(1, "2026-05-01 01:00:50", id="events", source="events", run="7d0c"),
        run(2, "2026-05-01 01:03", id="another", source="events"),
        run(3, "2026-05-01 01:00", "failure", id="contrary", source="failing"),
        run(4, "2026-05-01 01:00", id="elsewhere", source="events", pipeline="other"),
    )
    rows = facts.snapshot.rows("select id, excluded from pipeline_outcome")
    assert {row["id"]: row["excluded"] for row in rows} == {
        "orchestrator": "backfill",
        "events": "told again",
        "another": None,
        "contrary": None,
        "elsewhere": None,
    }


def test_a_stretch_of_a_run_that_is_told_again_is_none_of_its_own(story: Story) -> None:
    assert list(slots(story(daily("01 02"), by=IN_AN_HOUR))) == ["05-01", "05-02"]
    first = run(1, "2026-05-01 00:30", slot_at=at("2026-05-01"), id="a", source="a", run="7d0c")
    # How far source `a` is read is not known here, so that its own stretches are left out.
    assert list(slots(story(daily("01 02"), first, by=IN_AN_HOUR))) == ["05-02"]


def test_who_knows_the_stretch_of_a_run_goes_before_who_does_not(story: Story) -> None:
    blind = run(1, "2026-05-01 00:30", id="a", source="a", run="7d0c")
    assert list(slots(story(daily("01"), blind, by=IN_AN_HOUR))) == ["05-01"]


def test_two_runs_of_one_source_are_two_however_close_and_alike(story: Story) -> None:
    facts = story(
        run(1, "2026-05-01 00:10", "failure", slot_at=at("2026-05-01"), is_backfill=False),
        run(2, "2026-05-01 00:10:30", "failure", slot_at=None, is_backfill=False, event="manual"),
    )
    assert [row["excluded"] for row in outcomes(facts).values()] == [None, None]


def changes(facts: Facts) -> dict[str, Row]:
    rows = facts.snapshot.rows("select * from pipeline_change order by happened_at")
    return {row["definition"]: row for row in rows}


def test_a_version_of_a_pipeline_failed_if_its_first_run_broke_what_had_worked(
    story: Story,
) -> None:
    facts = story(
        run(1, "2026-05-01", definition="a"),
        run(2, "2026-05-02", "failure", definition="b"),
        run(3, "2026-05-03", "failure", definition="c"),
        run(4, "2026-05-04", definition="d"),
        run(5, "2026-05-05", definition="d"),
        run(6, "2026-05-06", definition="e"),
        run(7, "2026-05-07", "failure", definition="e"),
        run(8, "2026-05-08", definition="a"),
    )
    found = changes(facts)
    assert {name: row["is_failed"] for name, row in found.items()} == {
        "a": None,
        "b": True,
        "c": None,
        "d": None,
        "e": False,
    }
    assert [row["excluded"] for row in found.values()] == ["baseline", None, None, None, None]
    assert (found["c"]["definition_before"], found["c"]["result_before"]) == ("b", "failure")


def test_what_is_known_of_a_version_does_not_depend_on_how_it_did(story: Story) -> None:
    facts = story(
        run(day, f"2026-05-{day:02}", "success" if day % 3 else "failure", definition=f"v{day}")
        for day in range(1, 22)
    )
    told = [row for row in changes(facts).values() if row["excluded"] is None]
    known = [row for row in told if row["is_failed"] is not None]
    assert known == [row for row in told if row["result_before"] == "success"]
    assert len(known) == 14
    assert sum(row["is_failed"] for row in known) == 7


def test_a_first_run_is_the_one_that_began_first_and_was_let_to_its_end(story: Story) -> None:
    facts = story(
        run(1, "2026-05-02 06:00", definition="a", started_at=at("2026-05-01")),
        run(2, "2026-05-02", "cancelled", definition="b"),
        run(3, "2026-05-02 01:00", "failure", definition="b", is_backfill=True),
        run(4, "2026-05-02 02:00", definition="b"),
        run(5, "2026-05-03", definition=None),
    )
    assert {name: row["run"] for name, row in changes(facts).items()} == {"b": "4", "a": "1"}
    assert changes(facts)["b"]["is_failed"] is False


def test_a_pipeline_whose_versions_nobody_tells_is_not_watched_for_changes(story: Story) -> None:
    facts = story(run(1, "2026-05-01"), run(2, "2026-05-01", pipeline="told", definition="a"))
    (watched,) = facts.snapshot.rows("from pipeline_change_watch")
    assert watched["pipeline"] == "told"
