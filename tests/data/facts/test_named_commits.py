"""What an incident is put down to whose source names a commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.model import ChangeCommit, Incident, Record
from tests.data.facts.story import Facts, Story, commit, ran, unknown, version
from tests.data.facts.test_hosts import read
from tests.data.published import at, change, incident, repository, sha

TOPIC, ALIKE = "ab12cd3" + "0" * 33, "ab12cd3" + "1" * 33
SHIPPED: list[Record] = [
    ran(1, "2026-05-01"),
    change(2, "2026-05-02", head_sha=TOPIC),
    change(3, "2026-05-03"),
    ran(3, "2026-05-04"),
    change(4, "2026-05-05"),
    ran(4, "2026-05-06"),
]
THIRD, FOURTH = "web/production@2026-05-04", "web/production@2026-05-06"


def naming(named: str, started_at: str = "2026-05-07", **fields: Any) -> Incident:
    """An incident of web whose text names a commit."""
    return incident(1, started_at, deployment=named, **fields)


def cause(facts: Facts) -> str | None:
    """The deployment it is put down to, or why there is none."""
    row = facts.cause(1)
    assert (row["deployment"] is None) == (row["unlinked_reason"] is not None)
    assert (row["deployment"] is None) == (row["link_method"] is None)
    return row["deployment"] or row["unlinked_reason"]


def test_the_deployment_that_first_brought_a_named_commit_has_failed(story: Story) -> None:
    facts = story(SHIPPED, naming(sha(2)))
    assert cause(facts) == THIRD
    assert facts.failures() == {"2026-05-04": "incident"}
    assert facts.cause(1)["link_method"] == "commit named by the source"
    assert facts.outcome("2026-05-04")["link_method"] == "commit named by the source"


@pytest.mark.parametrize("named", [TOPIC, TOPIC[:7], TOPIC[:12].upper()])
def test_a_commit_of_a_branch_stands_for_its_change_also_by_a_short_hash(
    story: Story, named: str
) -> None:
    assert cause(story(SHIPPED, naming(named))) == THIRD


def test_a_commit_of_a_squashed_branch_stands_for_what_it_landed_as(story: Story) -> None:
    part = ChangeCommit(
        id="test:web#pull/2/commit/1",
        source="test",
        repository="web",
        change="2",
        sha=ALIKE,
        ordinal=1,
        authored_at=at("2026-05-01"),
        committed_at=at("2026-05-01"),
        is_merge=False,
        authors=(),
        author_count=1,
    )
    assert cause(story(SHIPPED, part, naming(ALIKE))) == THIRD


def test_each_commit_of_a_rebased_request_stands_for_it(story: Story) -> None:
    rebased = replace(commit(ALIKE, position=9, is_mainline=True), change="3")
    assert cause(story(SHIPPED, rebased, naming(ALIKE))) == THIRD


def test_a_commit_inside_a_merge_stands_for_the_merge(story: Story) -> None:
    assert cause(story(SHIPPED, commit(ALIKE, position=4), naming(ALIKE))) == FOURTH


def test_a_short_hash_that_two_commits_begin_with_is_neither(story: Story) -> None:
    facts = story(SHIPPED, commit(ALIKE, position=2), naming(TOPIC[:7]))
    assert cause(facts) == "commit not known"
    assert facts.failures() == {}


def test_a_short_hash_is_looked_up_in_the_repository_of_the_service(story: Story) -> None:
    elsewhere = commit(ALIKE, repository="mono", position=2)
    assert cause(story(SHIPPED, elsewhere, naming(TOPIC[:7]))) == THIRD
    assert cause(story(SHIPPED, elsewhere, naming(ALIKE[:8]))) == "commit not known"


def test_a_commit_that_was_never_deployed_causes_nothing_and_time_does_not_guess(
    story: Story,
) -> None:
    facts = story(SHIPPED, change(5, "2026-05-06 12:00"), naming(sha(5)))
    assert cause(facts) == "commit not deployed"
    assert facts.failures() == {}


def test_a_commit_that_came_after_the_incident_began_did_not_cause_it(story: Story) -> None:
    assert cause(story(SHIPPED, naming(sha(4), "2026-05-05 12:00"))) == "commit deployed later"


def test_an_incident_may_begin_while_its_cause_is_being_deployed(story: Story) -> None:
    slow = ran(5, "2026-05-08", started_at=at("2026-05-06 23:00"))
    facts = story(SHIPPED, change(5, "2026-05-06"), slow, naming(sha(5)))
    assert cause(facts) == "web/production@2026-05-08"


def test_what_came_with_the_first_deployment_blames_nothing_but_that_very_commit(
    story: Story,
) -> None:
    since = [ran(3, "2026-05-04"), change(2, "2026-05-02"), change(3, "2026-05-03")]
    assert cause(story(since, naming(sha(2)))) == "commit in the first deployment"
    assert cause(story(since, naming(sha(3)))) == THIRD


def test_nobody_knows_what_a_deployment_of_an_unknown_commit_brought(story: Story) -> None:
    hidden = unknown("2026-05-03 12:00")
    assert cause(story(SHIPPED, hidden, naming(sha(2)))) == "commit in an unknown deployment"


def test_a_deployed_commit_of_which_nothing_else_is_known_is_found(story: Story) -> None:
    facts = story(SHIPPED, unknown("2026-05-06 12:00"), naming("f" * 40))
    assert cause(facts) == "web/production@2026-05-06 12:00"


def test_a_commit_of_a_release_branch_is_found_by_its_tag(story: Story) -> None:
    picked = commit(ALIKE, picked_sha=sha(4), first_version="v3.1")
    release = version("v3.1", 3, sha=ALIKE)
    shipped = ran(0, "2026-05-04 12:00", sha=None, version="v3.1")
    facts = story(SHIPPED, picked, release, shipped, naming(ALIKE))
    assert cause(facts) == "web/production@2026-05-04 12:00"


def test_only_the_environment_that_was_hit_counts(story: Story) -> None:
    early = ran(3, "2026-05-03 12:00", environment="staging")
    first = ran(1, "2026-05-01", environment="staging")
    facts = story(SHIPPED, first, early, naming(sha(2)))
    assert cause(facts) == THIRD
    facts = story(SHIPPED, first, early, naming(sha(2), environment="staging"))
    assert cause(facts) == "web/staging@2026-05-03 12:00"
    facts = story(SHIPPED, first, early, naming(sha(4), environment="staging"))
    assert cause(facts) == "commit not deployed"


def test_the_cause_may_be_another_service_than_the_one_that_was_hit(story: Story) -> None:
    two = ("api", "web")
    facts = story(
        [ran(1, "2026-05-01", service=name) for name in two],
        [ran(3, f"2026-05-04 {hour}:00", service=name) for hour, name in enumerate(two, 10)],
        change(2, "2026-05-02", services=("api",)),
        change(3, "2026-05-03", services=two),
        naming(sha(2)),
    )
    assert cause(facts) == "api/production@2026-05-04 10:00"


def test_of_the_services_a_commit_touched_the_one_that_was_hit_is_blamed(story: Story) -> None:
    two = ("api", "web")
    facts = story(
        [ran(1, "2026-05-01", service=name) for name in two],
        [ran(3, f"2026-05-04 {hour}:00", service=name) for hour, name in enumerate(two, 10)],
        change(3, "2026-05-03", services=two),
        naming(sha(3)),
    )
    assert cause(facts) == "web/production@2026-05-04 11:00"


def test_what_reached_another_service_before_is_not_blamed_for_the_one_that_was_hit(
    story: Story,
) -> None:
    facts = story(
        [ran(1, "2026-05-01", service=name) for name in ("api", "web")],
        [ran(3, "2026-05-04", service="api"), ran(3, "2026-05-09", service="web")],
        change(3, "2026-05-03", services=("api", "web")),
        naming(sha(3)),
    )
    assert cause(facts) == "commit deployed later"


def test_a_repositorys_incident_of_no_service_is_put_down_to_what_brought_the_commit(
    tmp_path: Path,
) -> None:
    streams = {
        "repository:4711": [repository("web", host_id="4711")],
        "deployments:4711": [change(1, "2026-04-30"), *SHIPPED],
        "incidents:4711": [naming(TOPIC[:7], service=None)],
    }
    with read(tmp_path, streams) as snapshot:
        assert cause(Facts(snapshot)) == THIRD
