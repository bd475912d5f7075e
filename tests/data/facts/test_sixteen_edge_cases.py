"""The sixteen cases in which well-known tools get delivery figures wrong, as facts see them.

A test's number is that of the case. Cases 12 to 14 are about windows of time and have most of
their tests with the metrics.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from data.configuration import Configuration, Organisation, Team
from data.model import ChangeKind
from tests.data.facts.story import Story, commit, ran, service, unknown, version
from tests.data.published import at, change, incident, sha

DAY = 86_400


def test_01_deploying_the_same_version_again_is_no_new_deployment(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        ran(2, "2026-05-04"),
    )
    assert facts.excluded() == {"2026-05-04": "same version again"}
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03")
    assert facts.failures() == facts.rework() == {}


def test_01_a_second_attempt_of_a_run_leaves_the_first_where_it_was(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03", run="77", attempt=1),
        ran(3, "2026-05-04", run="78"),
        ran(2, "2026-06-01", run="77", attempt=2),
    )
    assert facts.outcome("2026-05-03")["excluded"] is None
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03")
    assert facts.outcome("2026-06-01")["is_rollback"]


def test_02_a_rollback_fails_the_deployment_before_it_and_delivers_nothing(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03 10:00"),
        change(3, "2026-05-03 11:00"),
        ran(1, "2026-05-03 12:00"),
    )
    assert facts.failures() == {"2026-05-03 10:00": "rollback"}
    failed = facts.outcome("2026-05-03 10:00")
    assert failed["recovery_seconds"] == 2 * 3600
    assert failed["link_method"] == "next deployment"
    assert facts.rework() == {"2026-05-03 12:00": "rollback"}
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03 10:00")
    assert facts.state(3) == "waiting"


def test_02_going_forward_again_after_a_rollback_brings_only_what_is_new(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [change(2, "2026-05-02"), change(3, "2026-05-05")],
        ran(2, "2026-05-03"),
        ran(1, "2026-05-04"),
        ran(3, "2026-05-06"),
    )
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03")
    assert facts.delivery(3)["deployed_at"] == at("2026-05-06")
    assert facts.rework() == {"2026-05-04": "rollback"}


def test_02_without_known_commits_a_version_that_ran_before_is_a_rollback(story: Story) -> None:
    names = ["1.0", "1.1", "1.0", "1.1", "1.2"]
    facts = story(
        ran(0, f"2026-05-0{day}", sha=None, version=name) for day, name in enumerate(names, 1)
    )
    assert facts.failures() == {"2026-05-02": "rollback"}
    assert facts.rework() == {"2026-05-03": "rollback"}


def test_03_one_run_of_several_services_is_one_deployment_of_each(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01", service=name, run="5", repository="shared") for name in ("api", "web")
    )
    assert facts.outcome("2026-05-01", "api")["excluded"] is None
    assert facts.outcome("2026-05-01", "web")["excluded"] is None


def test_03_a_run_told_by_parent_and_child_pipeline_counts_once(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01 12:00", run="5", status="running", id="parent"),
        ran(1, "2026-05-01 12:05", run="5", id="child"),
        ran(1, "2026-05-01 12:05", run="5", id="other", source="elsewhere", service="api"),
    )
    rows = facts.snapshot.rows("select id from deployment_outcome order by id")
    assert [row["id"] for row in rows] == ["child", "other"]


def test_03_a_change_of_a_shared_repository_belongs_to_the_services_it_touches(
    story: Story,
) -> None:
    folders = [service("api", "mono", "api"), service("web", "mono", "web")]
    facts = story(
        folders,
        [ran(1, "2026-05-01", service=name, repository="mono") for name in ("api", "web")],
        change(2, "2026-05-02", repository="mono", services=("api",)),
        change(3, "2026-05-03", repository="mono", services=("api", "web")),
        change(4, "2026-05-04", repository="mono", services=()),
        ran(4, "2026-05-05", service="web", repository="mono"),
        ran(4, "2026-05-06", service="api", repository="mono"),
    )
    assert facts.delivery(2, "api")["deployed_at"] == at("2026-05-06")
    assert facts.delivery(3, "api")["deployed_at"] == at("2026-05-06")
    assert facts.delivery(3, "web")["deployed_at"] == at("2026-05-05")
    assert len(facts.snapshot.rows("select id from change_delivery")) == 3
    elsewhere = facts.snapshot.rows("select repository, changes from change_elsewhere")
    assert elsewhere == [{"repository": "mono", "changes": 1}]


def test_04_each_environment_has_a_chain_of_its_own(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01", environment=name) for name in ("dev", "prod-eu", "prod-us")],
        change(2, "2026-05-02"),
        ran(2, "2026-05-02 01:00", environment="dev"),
        ran(2, "2026-05-03", environment="prod-eu"),
        ran(1, "2026-05-04", environment="dev"),
        ran(2, "2026-05-05", environment="prod-us"),
        by=Configuration.model_validate({"environments": {"production": ["prod-*"]}}),
    )
    assert facts.delivery(2, env="dev")["deployed_at"] == at("2026-05-02 01:00")
    assert facts.delivery(2, env="prod-eu")["deployed_at"] == at("2026-05-03")
    assert facts.delivery(2, env="prod-us")["deployed_at"] == at("2026-05-05")
    assert facts.delivery(2, env="prod-us")["tier"] == "production"
    assert facts.failures() == {"2026-05-02 01:00": "rollback"}


def test_04_an_incident_in_one_region_blames_no_other_region(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01", environment="prod-eu"),
        ran(1, "2026-05-02", environment="prod-us"),
        incident(1, "2026-05-03", environment="prod-eu"),
        incident(2, "2026-05-03"),
        by=Configuration.model_validate({"environments": {"production": ["prod-*"]}}),
    )
    assert facts.cause(1)["deployment"] == "web/prod-eu@2026-05-01"
    assert facts.cause(2)["deployment"] == "web/prod-us@2026-05-02"


def test_05_the_first_deployment_is_a_baseline_and_claims_no_changes(story: Story) -> None:
    facts = story(
        [change(1, "2019-05-01"), change(2, "2026-05-01")],
        ran(2, "2026-05-02"),
        change(3, "2026-05-03"),
        ran(3, "2026-05-04"),
    )
    assert facts.deliveries() == {"1": "baseline", "2": "baseline", "3": "delivered"}
    assert facts.delivery(1)["lead_seconds"] is None
    assert facts.outcome("2026-05-02")["is_baseline"]
    assert not facts.outcome("2026-05-04")["is_baseline"]


def test_05_the_first_deployment_with_a_known_commit_is_a_baseline_too(story: Story) -> None:
    facts = story(
        unknown("2026-05-01"),
        change(1, "2026-05-02"),
        ran(1, "2026-05-03"),
    )
    assert facts.state(1) == "baseline"


def test_05_undoing_what_came_with_the_baseline_fails_nothing(story: Story) -> None:
    facts = story(
        change(1, "2026-05-01"),
        ran(1, "2026-05-02"),
        change(2, "2026-05-03", reverts="1"),
        ran(2, "2026-05-04"),
    )
    assert facts.failures() == {}
    assert facts.rework() == {"2026-05-04": "revert"}


def test_06_what_a_deployment_of_an_unknown_commit_may_have_brought_is_unknown(
    story: Story,
) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        unknown("2026-05-03"),
        change(3, "2026-05-04"),
        ran(3, "2026-05-05"),
        change(4, "2026-05-06"),
        unknown("2026-05-07"),
        change(5, "2026-05-08"),
    )
    assert facts.deliveries() == {
        "2": "unplaced",
        "3": "delivered",
        "4": "unplaced",
        "5": "waiting",
    }
    assert facts.delivery(2)["lead_seconds"] is None


def test_06_a_change_whose_first_commit_is_unknown_is_counted_as_unknown(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", first_commit_at=None),
        ran(2, "2026-05-03"),
    )
    row = facts.delivery(2)
    assert (row["state"], row["lead_seconds"]) == ("no_commit_time", None)
    assert row["deploy_seconds"] is None
    assert row["local_at"] == datetime(2026, 5, 3)  # noqa: DTZ001 - wall clock


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        ({}, "commit"),
        ({"sha": "feed" * 10, "version": None}, "branch"),
        ({"sha": None, "version": "v2"}, "tag"),
        ({"sha": "c0ffee" + "0" * 34, "version": "2"}, "tag"),
    ],
    ids=["merge commit", "head of a squashed branch", "tag", "commit of another repository"],
)
def test_07_a_squashed_change_is_found_however_its_deployment_names_it(
    story: Story, fields: dict[str, str], method: str
) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", kind=ChangeKind.SQUASH.value, head_sha="feed" * 10),
        version("v2", 2),
        ran(2, "2026-05-03", **fields),
    )
    row = facts.delivery(2)
    assert (row["state"], row["link_method"]) == ("delivered", method)
    assert row["deployed_at"] == at("2026-05-03")


def test_07_without_any_known_commit_time_links_and_the_row_says_so(story: Story) -> None:
    facts = story(
        ran(0, "2026-05-01", sha=None, version="a"),
        change(1, "2026-05-02"),
        ran(0, "2026-05-03", sha=None, version="b"),
    )
    row = facts.delivery(1)
    assert (row["state"], row["link_method"]) == ("delivered", "time")
    assert row["lead_seconds"] == DAY


def test_08_a_cherry_pick_arrives_with_its_release_branch(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01", version="v1.0"),
        version("v1.0", 1),
        [change(2, "2026-05-02"), change(3, "2026-05-03")],
        commit("abba" * 10, picked_sha=sha(3), first_version="v1.0.1"),
        version("v1.0.1", 1, sha="cafe" * 10),
        ran(0, "2026-05-04", sha=None, version="v1.0.1"),
        ran(3, "2026-05-09"),
    )
    assert facts.delivery(3)["deployed_at"] == at("2026-05-04")
    assert facts.delivery(3)["link_method"] == "cherry-pick"
    assert facts.delivery(2)["deployed_at"] == at("2026-05-09")
    assert facts.failures() == {}


def test_08_a_direct_push_is_delivered_like_any_change(story: Story) -> None:
    push = replace(change(2, "2026-05-02", kind=ChangeKind.DIRECT.value), number=None)
    facts = story(ran(1, "2026-05-01"), push, ran(2, "2026-05-03"))
    (row,) = facts.snapshot.rows("select state, lead_seconds from change_delivery")
    assert row == {"state": "delivered", "lead_seconds": DAY}


def test_09_a_commit_from_after_its_deployment_gives_no_lead_time(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", first_commit_at=at("2026-05-04")),
        ran(2, "2026-05-03"),
    )
    row = facts.delivery(2)
    assert (row["state"], row["lead_seconds"], row["deploy_seconds"]) == ("negative", None, None)


def test_09_a_stage_that_would_be_negative_is_unknown_and_the_others_stay(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(
            2,
            "2026-05-04",
            first_commit_at=at("2026-05-03"),
            opened_at=at("2026-05-02"),
            reviewed_at=at("2026-05-03 12:00"),
        ),
        ran(2, "2026-05-05"),
    )
    row = facts.delivery(2)
    assert row["coding_seconds"] is None
    assert row["pickup_seconds"] == 1.5 * DAY
    assert row["review_seconds"] == 0.5 * DAY
    assert row["deploy_seconds"] == DAY
    assert row["lead_seconds"] == 2 * DAY


def test_10_weeks_old_deployments_are_not_blamed(story: Story) -> None:
    gap = Configuration(organisation=Organisation(incident_gap_days=2))
    facts = story(
        ran(1, "2026-05-01"),
        incident(1, "2026-05-03"),
        incident(2, "2026-05-03 00:01"),
        by=gap,
    )
    assert facts.cause(1)["link_method"] == "time"
    assert facts.cause(2)["deployment"] is None
    assert facts.cause(2)["unlinked_reason"] == "deployment too old"


def test_10_an_incident_at_the_very_moment_of_the_deployment_is_linked(story: Story) -> None:
    facts = story(ran(1, "2026-05-01 12:00"), incident(1, "2026-05-01 12:00"))
    assert facts.cause(1)["deployment"] == "web/production@2026-05-01 12:00"


def test_10_an_incident_before_any_deployment_stays_with_its_reason(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-02"),
        incident(1, "2026-05-01"),
        incident(2, "2026-05-03", service=None),
    )
    assert facts.cause(1)["unlinked_reason"] == "before the first deployment"
    assert facts.cause(2)["unlinked_reason"] == "no service"


def test_10_an_unresolved_incident_leaves_the_recovery_open(story: Story) -> None:
    facts = story(ran(1, "2026-05-01"), incident(1, "2026-05-02"), ran(2, "2026-05-03"))
    failed = facts.outcome("2026-05-01")
    assert failed["is_failed"]
    assert (failed["recovered_at"], failed["recovery_seconds"]) == (None, None)


def test_10_a_reopened_incident_ends_with_its_last_resolution(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        incident(1, "2026-05-01 06:00", resolved_at=at("2026-05-04"), reopened_count=2),
    )
    assert facts.outcome("2026-05-01")["recovery_seconds"] == 3 * DAY
    assert facts.cause(1)["reopened_count"] == 2


def test_10_an_incident_that_ends_before_it_begins_is_not_a_recovery_of_zero(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        incident(1, "2026-05-02", resolved_at=at("2026-05-01 12:00")),
    )
    assert facts.cause(1)["resolved_at"] is None
    assert facts.outcome("2026-05-01")["recovery_seconds"] is None


def test_10_one_incident_has_one_cause(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01", service=name) for name in ("api", "web")],
        incident(1, "2026-05-02", service="web"),
    )
    assert len(facts.snapshot.rows("select id from incident_cause")) == 1
    assert facts.failures() == {"2026-05-01": "incident"}
    assert not facts.outcome("2026-05-01", "api")["is_failed"]


def test_11_two_incidents_of_one_deployment_are_one_failure(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        incident(1, "2026-05-01 01:00", resolved_at=at("2026-05-01 02:00")),
        incident(2, "2026-05-01 01:30", resolved_at=at("2026-05-01 05:00")),
        ran(2, "2026-05-02"),
    )
    rows = facts.snapshot.rows("select is_failed from deployment_outcome order by deployed_at")
    assert [row["is_failed"] for row in rows] == [True, False]
    assert facts.outcome("2026-05-01")["recovery_seconds"] == 5 * 3600


def test_12_a_row_carries_the_wall_clock_of_its_team_and_the_moment(story: Story) -> None:
    tokyo = Configuration(team=(Team(name="web", timezone="Asia/Tokyo", owns=("service:web",)),))
    facts = story(
        ran(1, "2026-05-31 16:30"),
        change(2, "2026-05-31 17:00"),
        ran(2, "2026-05-31 18:00"),
        change(3, "2026-05-31 19:00"),
        by=tokyo,
    )
    nine_hours = timedelta(hours=9)
    for row in (facts.outcome("2026-05-31 16:30"), facts.delivery(2), facts.delivery(3)):
        assert row["local_at"] == row["happened_at"].replace(tzinfo=None) + nine_hours
    assert facts.delivery(2)["happened_at"] == at("2026-05-31 18:00")
    assert facts.delivery(3)["happened_at"] == at("2026-05-31 19:00")


def test_13_a_service_without_deployments_is_told_apart_from_one_that_waits(story: Story) -> None:
    facts = story(
        change(1, "2026-05-01", services=("silent",), repository="silent"),
        change(2, "2026-05-02", services=("trial",), repository="trial"),
        ran(2, "2026-05-03", service="trial", repository="trial", environment="staging"),
        ran(1, "2026-05-01"),
        change(3, "2026-05-04"),
    )
    assert facts.state(1, "silent") == "no_deployment"
    assert facts.state(2, "trial") == "no_deployment"
    assert facts.state(2, "trial", "staging") == "baseline"
    assert facts.state(3) == "waiting"


def test_13_whether_incidents_would_be_known_is_said_of_each_deployment(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        ran(1, "2026-05-01", service="api", source="blind"),
        ran(1, "2026-05-01", service="job", source="blind"),
        incident(1, "2026-01-01"),
        incident(2, "2026-01-01", service="job", source="pager"),
    )
    assert facts.outcome("2026-05-01")["is_watched"]
    assert not facts.outcome("2026-05-01", "api")["is_watched"]
    assert facts.outcome("2026-05-01", "job")["is_watched"]


def test_14_a_failure_belongs_to_the_moment_of_its_deployment(story: Story) -> None:
    facts = story(
        ran(1, "2026-04-30"),
        incident(1, "2026-05-02", resolved_at=at("2026-06-01")),
    )
    assert facts.outcome("2026-04-30")["happened_at"] == at("2026-04-30")
    assert facts.outcome("2026-04-30")["is_failed"]


def test_15_a_pipeline_that_fails_is_no_failed_change(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03", status="failed"),
        ran(2, "2026-05-04", status="cancelled"),
        ran(2, "2026-05-05"),
        ran(3, "2026-05-06", status="running"),
    )
    assert facts.failures() == facts.rework() == {}
    assert facts.excluded() == {
        "2026-05-03": "not deployed",
        "2026-05-04": "not deployed",
        "2026-05-06": "not deployed",
    }
    assert facts.delivery(2)["deployed_at"] == at("2026-05-05")


def test_15_a_failed_attempt_to_go_back_is_no_rollback(story: Story) -> None:
    facts = story(ran(1, "2026-05-01"), ran(2, "2026-05-02"), ran(1, "2026-05-03", status="failed"))
    assert facts.failures() == {}


def test_16_a_deployment_has_one_team_whoever_else_has_a_claim(story: Story) -> None:
    teams = (
        Team(name="one", owns=("service:w*",)),
        Team(name="two", owns=("service:web", "repo:web")),
    )
    facts = story(ran(1, "2026-05-01"), by=Configuration(team=teams))
    rows = facts.snapshot.rows("select team from deployment_outcome")
    assert rows == [{"team": "one"}]


def test_16_a_service_told_by_two_sources_doubles_nothing(story: Story) -> None:
    facts = story(
        service("web", "web", url="https://git.example/web"),
        service("web", None, id="gitops:service/web", source="gitops"),
        [version("v2", 2), version("v2", 2, id="again", source="mirror")],
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(0, "2026-05-03", sha=None, version="v2"),
    )
    assert len(facts.snapshot.rows("select id from deployment_outcome")) == 2
    assert facts.state(2) == "delivered"
    (owned,) = facts.snapshot.rows("select * from owned_service")
    assert (owned["repository"], owned["url"]) == ("web", "https://git.example/web")


def test_16_a_change_told_by_two_sources_is_one_change(story: Story) -> None:
    told_twice = [
        change(2, "2026-05-02", id="git:web#commit/2", source="git"),
        change(2, "2026-05-02", id="host:web#pull/2", source="host", opened_at=at("2026-05-01")),
    ]
    facts = story(ran(1, "2026-05-01"), told_twice, ran(2, "2026-05-03"))
    (row,) = facts.snapshot.rows("select * from change_delivery")
    assert row["id"] == "host:web#pull/2@web/production"
    assert row["state"] == "delivered"
