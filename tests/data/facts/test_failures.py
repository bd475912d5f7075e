"""Which deployment failed, why, when that was mended, and which deployments were rework."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.configuration import Configuration, Organisation
from data.model import Record
from tests.data.facts.story import Story, commit, ran, unknown
from tests.data.published import at, change, incident, sha

DAY = 86_400
BRANCH = "feed" * 10

LAST_WEEK = Configuration(organisation=Organisation(incident_gap_days=7))


def bad_then(*, reverts: str, **fields: object) -> list[Record]:
    """A change is deployed on 3 May and undone by the deployment of 5 May."""
    return [
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", **fields),
        ran(2, "2026-05-03"),
        change(3, "2026-05-04", reverts=reverts),
        ran(3, "2026-05-05"),
    ]


# --- reverts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reverts",
    ["2", "abcdef12" + "0" * 32, "abcdef1", "ABCDEF12", BRANCH, "beef" * 10, "beefbee"],
    ids=["number", "landed hash", "short hash", "capitals", "head", "branch commit", "its short"],
)
def test_a_revert_fails_the_deployment_that_brought_what_it_undoes(
    story: Story, reverts: str
) -> None:
    landed = "abcdef12" + "0" * 32
    facts = story(
        [
            ran(1, "2026-05-01"),
            commit("beef" * 10, position=2),
            commit(landed, position=2, is_mainline=True),
            change(2, "2026-05-02", landed_sha=landed, head_sha=BRANCH),
            ran(2, "2026-05-03", sha=landed),
            change(3, "2026-05-04", reverts=reverts),
            ran(3, "2026-05-05"),
        ]
    )
    assert facts.failures() == {"2026-05-03": "revert"}
    assert facts.rework() == {"2026-05-05": "revert"}
    failed = facts.outcome("2026-05-03")
    assert failed["recovery_seconds"] == 2 * DAY
    assert failed["failure_url"] == "https://git.example/web/pull/3"


def test_a_short_hash_that_could_be_two_commits_undoes_neither(story: Story) -> None:
    facts = story(bad_then(reverts=sha(2)[:8]))
    assert facts.failures() == {}


def test_a_change_undone_before_it_was_deployed_failed_nothing(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        change(3, "2026-05-03", reverts="2"),
        ran(3, "2026-05-04"),
    )
    assert facts.failures() == facts.rework() == {}


def test_a_revert_that_still_waits_has_mended_nothing_yet(story: Story) -> None:
    facts = story(bad_then(reverts="2")[:-1])
    assert facts.failures() == {}


def test_bringing_a_change_back_is_neither_failure_nor_rework(story: Story) -> None:
    facts = story(
        bad_then(reverts="2"),
        change(4, "2026-05-06", reverts="3"),
        ran(4, "2026-05-07"),
    )
    assert facts.failures() == {"2026-05-03": "revert"}
    assert facts.rework() == {"2026-05-05": "revert"}


def test_a_number_that_was_used_again_means_the_latest_before(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        replace(change(3, "2026-05-04"), number="2"),
        ran(3, "2026-05-05"),
        change(4, "2026-05-06", reverts="2"),
        ran(4, "2026-05-07"),
        replace(change(5, "2026-05-08"), number="2"),
        ran(5, "2026-05-09"),
    )
    assert facts.failures() == {"2026-05-05": "revert"}


def test_a_change_undone_after_the_gap_was_no_failure_but_the_undoing_is_rework(
    story: Story,
) -> None:
    late = [
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        change(3, "2026-05-20", reverts="2"),
        ran(3, "2026-05-21"),
    ]
    facts = story(late, by=LAST_WEEK)
    assert facts.failures() == {}
    assert facts.rework() == {"2026-05-21": "revert"}


def test_a_revert_counts_only_for_the_services_that_both_changes_touch(story: Story) -> None:
    both = ("api", "web")
    facts = story(
        [ran(1, "2026-05-01", service=s, repository="mono") for s in both],
        change(2, "2026-05-02", repository="mono", services=both),
        [ran(2, "2026-05-03", service=s, repository="mono") for s in both],
        change(3, "2026-05-04", repository="mono", services=("api",), reverts="2"),
        [ran(3, "2026-05-05", service=s, repository="mono") for s in both],
    )
    rows = facts.snapshot.rows("select service from deployment_outcome where is_failed")
    assert rows == [{"service": "api"}]


# --- hotfixes -----------------------------------------------------------------------------------


def test_a_hotfix_fails_the_deployment_that_ran_before_it(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-02")],
        change(3, "2026-05-03", is_hotfix=True),
        ran(3, "2026-05-03 12:00"),
    )
    assert facts.failures() == {"2026-05-02": "hotfix"}
    assert facts.rework() == {"2026-05-03 12:00": "hotfix"}
    assert facts.outcome("2026-05-02")["recovery_seconds"] == 1.5 * DAY
    assert facts.outcome("2026-05-02")["failure_url"] == "https://git.example/web/pull/3"


def test_a_hotfix_long_after_the_last_deployment_blames_none(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-02")],
        change(3, "2026-05-09", is_hotfix=True),
        ran(3, "2026-05-10"),
        by=LAST_WEEK,
    )
    assert facts.failures() == {}
    assert facts.rework() == {"2026-05-10": "hotfix"}


def test_a_hotfix_after_a_rollback_blames_not_the_rollback(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-02"), ran(1, "2026-05-03")],
        change(3, "2026-05-03", is_hotfix=True),
        ran(3, "2026-05-04"),
    )
    assert facts.failures() == {"2026-05-02": "rollback"}
    assert facts.rework() == {"2026-05-03": "rollback", "2026-05-04": "hotfix"}


def test_two_hotfixes_in_one_deployment_are_one_failure(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [change(n, "2026-05-02", is_hotfix=True) for n in (2, 3)],
        ran(3, "2026-05-03"),
    )
    assert facts.failures() == {"2026-05-01": "hotfix"}
    assert len(facts.snapshot.rows("select id from deployment_outcome")) == 2


def test_a_hotfix_in_the_baseline_mends_nothing_that_is_known(story: Story) -> None:
    facts = story(change(1, "2026-05-01", is_hotfix=True), ran(1, "2026-05-02"))
    assert facts.failures() == facts.rework() == {}


def test_a_hotfix_that_an_unknown_deployment_may_have_brought_blames_none(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", is_hotfix=True),
        unknown("2026-05-03"),
        ran(2, "2026-05-04"),
    )
    assert facts.failures() == facts.rework() == {}


# --- rollbacks ----------------------------------------------------------------------------------


def test_each_step_back_blames_the_one_before_it(story: Story) -> None:
    facts = story(ran(n, f"2026-05-0{day}") for day, n in enumerate([1, 2, 3, 2, 1], 1))
    assert facts.failures() == {"2026-05-03": "rollback", "2026-05-04": "rollback"}
    assert facts.rework() == {"2026-05-04": "rollback", "2026-05-05": "rollback"}


def test_back_beyond_several_versions_blames_only_what_ran(story: Story) -> None:
    facts = story(ran(n, f"2026-05-0{day}") for day, n in enumerate([1, 2, 3, 1], 1))
    assert facts.failures() == {"2026-05-03": "rollback"}


def test_a_rollback_repeated_is_one_rollback(story: Story) -> None:
    facts = story(ran(n, f"2026-05-0{day}") for day, n in enumerate([1, 2, 1, 1], 1))
    assert facts.rework() == {"2026-05-03": "rollback"}
    assert facts.excluded() == {"2026-05-04": "same version again"}


def test_a_failed_pipeline_between_does_not_hide_the_rollback(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-02")],
        ran(1, "2026-05-02 06:00", status="failed"),
        ran(1, "2026-05-02 12:00"),
    )
    assert facts.outcome("2026-05-02")["recovery_seconds"] == DAY / 2


# --- incidents ----------------------------------------------------------------------------------


def test_what_the_source_names_goes_before_what_time_suggests(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-02")],
        incident(1, "2026-05-03", deployment="web/production@2026-05-01"),
    )
    assert facts.failures() == {"2026-05-01": "incident"}
    assert facts.cause(1)["link_method"] == "named by the source"
    assert facts.outcome("2026-05-01")["failure_url"] == "https://git.example/incidents/1"


def test_a_named_cause_may_be_older_than_the_gap(story: Story) -> None:
    facts = story(
        ran(1, "2026-01-01"),
        incident(1, "2026-05-03", deployment="web/production@2026-01-01"),
        by=LAST_WEEK,
    )
    assert facts.failures() == {"2026-01-01": "incident"}


@pytest.mark.parametrize("named", ["nobody knows", "web/production@2026-05-02"])
def test_a_named_cause_that_changed_nothing_gives_way_to_time(story: Story, named: str) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(1, "2026-05-02")], incident(1, "2026-05-03", deployment=named)
    )
    assert facts.failures() == {"2026-05-01": "incident"}
    assert facts.cause(1)["link_method"] == "time"


def test_a_cause_named_by_a_run_told_twice_is_the_one_that_stands(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01", run="5", id="parent", status="running"),
        ran(1, "2026-05-01", run="5", id="child"),
        incident(1, "2026-05-01 01:00", deployment="parent"),
    )
    assert facts.cause(1)["deployment"] == "child"


def test_an_incident_in_staging_blames_no_deployment_to_production(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-02"),
        ran(1, "2026-05-01", environment="staging"),
        incident(1, "2026-05-03", environment="staging"),
        incident(2, "2026-05-03", environment="testing"),
    )
    assert facts.cause(1)["deployment"] == "web/staging@2026-05-01"
    assert facts.cause(2)["deployment"] is None


def test_only_deployments_that_changed_what_runs_are_blamed(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        ran(2, "2026-05-02", status="failed"),
        ran(1, "2026-05-03"),
        incident(1, "2026-05-04"),
    )
    assert facts.failures() == {"2026-05-01": "incident"}


def test_one_open_incident_of_two_leaves_the_recovery_open(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        incident(1, "2026-05-01 01:00", resolved_at=at("2026-05-01 02:00")),
        incident(2, "2026-05-01 01:30"),
    )
    assert facts.outcome("2026-05-01")["recovery_seconds"] is None


def test_an_incident_decides_the_recovery_also_of_a_rollback(story: Story) -> None:
    resolved = incident(1, "2026-05-02 01:00", resolved_at=at("2026-05-02 03:00"))
    rolled_back = [ran(1, "2026-05-01"), ran(2, "2026-05-02"), ran(1, "2026-05-02 02:00")]
    failed = story(rolled_back, resolved).outcome("2026-05-02")
    assert (failed["failure_reason"], failed["recovery_seconds"]) == ("incident", 3 * 3600)
    still_open = story(rolled_back, incident(1, "2026-05-02 01:00")).outcome("2026-05-02")
    assert (still_open["is_failed"], still_open["recovery_seconds"]) == (True, None)


def test_of_several_reasons_the_strongest_is_told(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        change(3, "2026-05-04", reverts="2", is_hotfix=True),
        ran(3, "2026-05-05"),
    )
    assert facts.failures() == {"2026-05-03": "revert"}
    assert facts.rework() == {"2026-05-05": "hotfix"}


def test_a_rollback_ends_the_failure_even_if_the_change_is_undone_later(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        ran(1, "2026-05-03 06:00"),
        change(3, "2026-05-04", reverts="2"),
        ran(3, "2026-05-05"),
    )
    failed = facts.outcome("2026-05-03")
    assert (failed["failure_reason"], failed["recovery_seconds"]) == ("rollback", DAY / 4)


def test_a_fix_in_staging_is_no_fix_in_production(story: Story) -> None:
    facts = story(
        [ran(n, f"2026-05-0{n}", environment=e) for n in (1, 2) for e in ("staging", "production")],
        change(3, "2026-05-03", is_hotfix=True),
        ran(3, "2026-05-03 12:00", environment="staging"),
    )
    assert facts.outcome("2026-05-02", env="staging")["is_failed"]
    assert not facts.outcome("2026-05-02")["is_failed"]
