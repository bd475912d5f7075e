"""Who asked for a deployment and approved it, and where its commit stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from data.configuration import Configuration, Organisation, Team
from data.model import Environment
from tests.data.facts.story import Facts, Row, Story, commit, ran, version
from tests.data.published import at, change, sha

BRANCH = "ab12cd3" + "0" * 33
ONCE = ran(1, "2026-05-01")


def record(facts: Facts, deployed_at: str) -> Row:
    """The record of the deployment of that time."""
    (row,) = facts.snapshot.rows(
        "select * from deployment_record where deployed_at = ?", [at(deployed_at)]
    )
    return row


def place(facts: Facts, deployed_at: str) -> str | None:
    """Where its commit stood."""
    found: str | None = record(facts, deployed_at)["commit_place"]
    return found


def guard(name: str = "production", **fields: Any) -> Environment:
    """An environment of repository web."""
    defaults: dict[str, Any] = {
        "id": f"test:web#environment/{name}",
        "source": "test",
        "repository": "web",
        "name": name,
        "tier": None,
        "reviewers": ("bo",),
        "required_approvals": 1,
        "is_self_approval_barred": True,
        "wait_minutes": 0,
        "is_limited_to_protected_branches": True,
    }
    return Environment(**{**defaults, **fields})


def test_a_mainline_commit_stands_on_the_mainline(story: Story) -> None:
    facts = story(ONCE, ran(2, "2026-05-02"))
    assert place(facts, "2026-05-02") == "mainline"
    assert record(facts, "2026-05-02")["is_on_mainline"]


def test_a_short_hash_stands_where_its_commit_does(story: Story) -> None:
    facts = story(
        commit(BRANCH, position=2, is_mainline=True), ONCE, ran(2, "2026-05-02", sha=BRANCH[:9])
    )
    assert place(facts, "2026-05-02") == "mainline"


def test_a_branch_that_was_deployed_before_it_landed_had_not_landed(story: Story) -> None:
    landing = change(3, "2026-05-05", head_sha=BRANCH)
    facts = story(
        ONCE,
        landing,
        ran(3, "2026-05-04", sha=BRANCH, version=None),
        ran(3, "2026-05-06", sha=BRANCH, version=None),
    )
    assert place(facts, "2026-05-04") == "not yet landed"
    assert place(facts, "2026-05-06") == "mainline"


def test_a_squashed_head_stands_for_what_it_landed_as(story: Story) -> None:
    squashed = change(3, "2026-05-05", kind="squash", head_sha=BRANCH)
    facts = story(ONCE, squashed, ran(3, "2026-05-06", sha=BRANCH, version=None))
    assert place(facts, "2026-05-06") == "mainline"


def test_a_release_whose_commit_never_came_to_the_mainline_is_off_it(story: Story) -> None:
    facts = story(
        ONCE,
        commit(BRANCH, first_version="v1.1"),
        version("v1.1", 2, sha=BRANCH),
        ran(2, "2026-05-02", sha=BRANCH, version="v1.1"),
    )
    assert place(facts, "2026-05-02") == "off the mainline"
    assert not record(facts, "2026-05-02")["is_on_mainline"]


def test_a_commit_off_the_mainline_is_off_it_also_without_a_tag(story: Story) -> None:
    facts = story(ONCE, commit(BRANCH), ran(2, "2026-05-02", sha=BRANCH, version=None))
    assert place(facts, "2026-05-02") == "off the mainline"


def test_a_commit_that_nobody_tells_of_stands_nowhere(story: Story) -> None:
    facts = story(
        ONCE,
        ran(2, "2026-05-02", sha="f" * 40, version=None),
        ran(2, "2026-05-03", sha=None, version=None),
    )
    assert place(facts, "2026-05-02") is None
    assert place(facts, "2026-05-03") is None


def test_a_tag_of_a_mainline_commit_is_on_the_mainline(story: Story) -> None:
    facts = story(ONCE, version("v1.1", 2), ran(2, "2026-05-02", sha=None, version="v1.1"))
    assert place(facts, "2026-05-02") == "mainline"


def test_who_approved_stays_unknown_where_it_is_not_told_and_empty_where_nobody_did(
    story: Story,
) -> None:
    facts = story(
        ran(1, "2026-05-01", approved_by=None),
        ran(2, "2026-05-02", approved_by=(), triggered_by="ada"),
        ran(3, "2026-05-03", approved_by=("bo",)),
    )
    assert record(facts, "2026-05-01")["approved_by"] is None
    assert record(facts, "2026-05-02")["approved_by"] == []
    assert record(facts, "2026-05-02")["triggered_by"] == "ada"
    assert record(facts, "2026-05-03")["approved_by"] == ["bo"]


def test_attempts_that_failed_or_were_called_off_are_records_too(story: Story) -> None:
    facts = story(
        ONCE, ran(2, "2026-05-02", status="failed"), ran(2, "2026-05-03", status="cancelled")
    )
    assert record(facts, "2026-05-02")["excluded"] == "not deployed"
    assert record(facts, "2026-05-03")["status"] == "cancelled"


def test_one_that_two_streams_tell_is_one_record(story: Story) -> None:
    twice = [ran(2, "2026-05-02", id=f"told/{way}", run="77", title=way) for way in ("a", "b")]
    facts = story(ONCE, twice)
    assert record(facts, "2026-05-02")["run"] == "77"


def test_the_guards_are_those_of_its_own_environment_and_source(story: Story) -> None:
    facts = story(
        guard(),
        guard("staging", required_approvals=0, reviewers=()),
        guard("production", id="other", source="another", required_approvals=9),
        ran(1, "2026-05-01"),
        ran(1, "2026-05-02", environment="staging"),
        ran(1, "2026-05-03", environment="canary"),
    )
    assert record(facts, "2026-05-01")["required_approvals"] == 1
    assert record(facts, "2026-05-02")["required_approvals"] == 0
    assert record(facts, "2026-05-03")["required_approvals"] is None


def test_a_deployment_brings_what_merged_since_the_one_before_and_the_first_brings_nothing(
    story: Story,
) -> None:
    facts = story(
        [change(n, f"2026-05-0{n}") for n in (1, 2, 3, 4)],
        ran(1, "2026-05-01 12:00"),
        ran(3, "2026-05-03 12:00"),
        ran(3, "2026-05-03 12:00", environment="staging"),
    )
    rows = facts.snapshot.rows("select deployment, change from deployment_change order by change")
    assert [tuple(row.values()) for row in rows] == [
        ("web/production@2026-05-03 12:00", "test:web#pull/2"),
        ("web/production@2026-05-03 12:00", "test:web#pull/3"),
    ]


def test_an_environment_has_the_tier_of_the_configuration_before_that_of_its_host(
    story: Story,
) -> None:
    facts = story(ONCE, guard(tier="staging"), guard("elsewhere", tier="production"))
    rows = facts.snapshot.rows("select environment, tier from environment_guard order by 1")
    assert [tuple(row.values()) for row in rows] == [
        ("elsewhere", "production"),
        ("production", "production"),
    ]


@pytest.mark.parametrize(
    ("zone", "local"), [("UTC", "2026-05-31 22:30"), ("Europe/Berlin", "2026-06-01 00:30")]
)
def test_a_deployment_has_the_clock_of_its_team(story: Story, zone: str, local: str) -> None:
    team = Team(name="core", title="Core", owns=("service:web",), timezone=zone)
    by = Configuration(organisation=Organisation(name="acme"), team=(team,))
    facts = story(ONCE, ran(2, "2026-05-31 22:30"), by=by)
    row = record(facts, "2026-05-31 22:30")
    assert (f"{row['local_at']:%Y-%m-%d %H:%M}", row["team"]) == (local, "core")


def test_a_failure_counts_as_watched_only_where_incidents_are_told(story: Story) -> None:
    assert not record(story(ONCE), "2026-05-01")["is_watched"]


def test_a_commit_of_a_landed_branch_that_a_tag_names_is_not_called_off_the_mainline(
    story: Story,
) -> None:
    landing = change(4, "2026-05-03", head_sha=sha(99))
    facts = story(
        ONCE,
        replace(commit(BRANCH), position=4),
        landing,
        version("v1.1", 2, sha=BRANCH),
        ran(2, "2026-05-05", sha=BRANCH, version="v1.1"),
    )
    assert place(facts, "2026-05-05") is None
