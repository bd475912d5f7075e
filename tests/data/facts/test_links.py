"""How a change is linked to the deployment that first brought it."""

from __future__ import annotations

import pytest

from data.configuration import Configuration, ServiceSettings
from tests.data.facts.story import MAINLINE, Story, commit, ran, service, unknown, version
from tests.data.published import at, change, sha

BRANCH = "feed" * 10


def test_a_change_arrives_with_the_first_deployment_that_reaches_its_place(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [change(n, f"2026-05-0{n}") for n in range(2, 8)],
        ran(4, "2026-05-04 12:00"),
        ran(6, "2026-05-06 12:00"),
    )
    arrived = {n: facts.delivery(n)["deployed_at"] for n in range(2, 8)}
    fourth, sixth = at("2026-05-04 12:00"), at("2026-05-06 12:00")
    assert arrived == {2: fourth, 3: fourth, 4: fourth, 5: sixth, 6: sixth, 7: None}
    assert facts.delivery(5)["deployment"] == "web/production@2026-05-06 12:00"
    assert facts.delivery(5)["lead_seconds"] == 36 * 3600


def test_the_order_in_which_deployments_are_told_does_not_matter(story: Story) -> None:
    facts = story(
        ran(3, "2026-05-06"),
        ran(2, "2026-05-04"),
        [change(3, "2026-05-05"), change(2, "2026-05-03")],
        ran(1, "2026-05-01"),
    )
    assert facts.delivery(2)["deployed_at"] == at("2026-05-04")
    assert facts.delivery(3)["deployed_at"] == at("2026-05-06")
    assert facts.rework() == {}


def test_deployments_of_one_second_are_no_rollbacks_of_each_other(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [ran(n, "2026-05-02", id=f"told-{n}") for n in (3, 2, 4)],
    )
    assert facts.failures() == facts.rework() == {}


# --- by commit ----------------------------------------------------------------------------------


@pytest.mark.parametrize("short", ["abcdef1", "abcdef12", "ABCDEF12"])
def test_a_short_hash_is_the_one_commit_that_begins_with_it(story: Story, short: str) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02", landed_sha="abcdef12" + "0" * 32),
        ran(2, "2026-05-03", sha=short, version=None),
    )
    assert facts.delivery(2)["link_method"] == "commit"
    assert facts.outcome("2026-05-03")["sha"] == "abcdef12" + "0" * 32


def test_a_short_hash_that_two_commits_begin_with_is_neither(story: Story) -> None:
    twins = [change(n, f"2026-05-0{n}", landed_sha=f"abcdef1{n}" + "0" * 32) for n in (2, 3)]
    facts = story(ran(1, "2026-05-01"), twins, ran(2, "2026-05-04", sha="abcdef1", version=None))
    assert facts.deliveries() == {"2": "unplaced", "3": "unplaced"}


def test_the_same_commit_by_its_short_and_its_full_hash_is_the_same_version(story: Story) -> None:
    full = "abcdef12" + "0" * 32
    facts = story(
        change(1, "2026-05-01", landed_sha=full),
        ran(1, "2026-05-02", sha="abcdef12"),
        ran(1, "2026-05-03", sha=full),
    )
    assert facts.excluded() == {"2026-05-03": "same version again"}


def test_a_branch_deployed_before_its_merge_brings_its_own_change_alone(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        ran(0, "2026-05-02", sha=BRANCH, version=None),
        change(2, "2026-05-03"),
        change(3, "2026-05-04", head_sha=BRANCH, first_commit_at=at("2026-05-01")),
        ran(3, "2026-05-05"),
    )
    assert facts.delivery(3)["deployed_at"] == at("2026-05-02")
    assert facts.delivery(3)["link_method"] == "head commit"
    assert facts.delivery(3)["lead_seconds"] == 86_400
    assert facts.delivery(3)["deploy_seconds"] is None
    assert facts.delivery(2)["deployed_at"] == at("2026-05-05")
    assert facts.failures() == {}


def test_a_commit_from_inside_a_branch_says_nothing_before_the_merge(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        commit(BRANCH, position=2),
        ran(0, "2026-05-02", sha=BRANCH, version=None),
        change(2, "2026-05-03"),
        ran(2, "2026-05-04"),
    )
    assert facts.outcome("2026-05-02")["position_method"] is None
    assert facts.delivery(2)["deployed_at"] == at("2026-05-04")


def test_a_commit_of_a_branch_stands_for_its_merge_once_that_has_landed(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        commit(BRANCH, position=2),
        change(2, "2026-05-03"),
        ran(0, "2026-05-04", sha=BRANCH, version=None),
    )
    assert facts.delivery(2)["link_method"] == "branch"
    assert facts.outcome("2026-05-04")["position_method"] == "branch"


# --- by tag -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["1.2", "v1.2", "web/v1.2", "web-1.2", "web-v1.2", "web@1.2"])
@pytest.mark.parametrize("deployed", ["1.2", "v1.2"])
def test_a_version_is_found_under_the_usual_spellings_of_its_tag(
    story: Story, tag: str, deployed: str
) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        version(tag, 2),
        ran(0, "2026-05-03", sha=None, version=deployed),
    )
    assert facts.delivery(2)["link_method"] == "tag"


def test_the_tag_of_another_service_is_not_taken_for_ones_own(story: Story) -> None:
    facts = story(
        [service("api", "mono", "api"), service("web", "mono", "web")],
        [ran(1, "2026-05-01", service=name, repository="mono") for name in ("api", "web")],
        change(2, "2026-05-02", repository="mono", services=("api", "web")),
        change(3, "2026-05-03", repository="mono", services=("api", "web")),
        [version("api/v2", 3, repository="mono"), version("web/v2", 2, repository="mono")],
        ran(0, "2026-05-04", service="api", repository="mono", sha=None, version="2"),
        ran(0, "2026-05-04", service="web", repository="mono", sha=None, version="2"),
    )
    assert facts.state(3, "api") == "delivered"
    assert facts.state(2, "web") == "delivered"
    assert facts.state(3, "web") == "waiting"


def test_a_tag_on_a_release_branch_stands_where_the_branch_left_the_mainline(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [change(2, "2026-05-02"), change(3, "2026-05-03")],
        version("v1.0", 2, sha=BRANCH),
        ran(0, "2026-05-04", sha=None, version="v1.0"),
    )
    assert (facts.state(2), facts.state(3)) == ("delivered", "waiting")


def test_back_to_the_release_before_its_last_fix_is_a_rollback(story: Story) -> None:
    facts = story(
        version("v1.0", 1),
        version("v1.0.1", 1, sha=BRANCH),
        ran(0, "2026-05-01", sha=None, version="v1.0"),
        ran(0, "2026-05-02", sha=None, version="v1.0.1"),
        ran(0, "2026-05-03", sha=None, version="v1.0"),
    )
    assert facts.failures() == {"2026-05-02": "rollback"}


@pytest.mark.parametrize(
    ("steps", "rolled_back"),
    [
        (["v1.1", "v1.0.1"], []),
        (["v1.0", "v1.0.1", "v1.1", "v1.0.1"], ["2026-05-03"]),
        (["v1.0.1", "v1.0"], ["2026-05-01"]),
        (["v1.0.1", "v1.0", "v1.0.1"], ["2026-05-01"]),
        (["v1.0.1", "v0.9", "v1.0.1"], ["2026-05-01"]),
    ],
    ids=[
        "a new fix of the release before",
        "back to a fix that ran before",
        "back to where the branch began",
        "and forward again",
        "forward again from far back",
    ],
)
def test_a_release_branch_goes_on_from_its_place(
    story: Story, steps: list[str], rolled_back: list[str]
) -> None:
    tags = [version("v0.9", 1), version("v1.0", 2), version("v1.0.1", 2, sha=BRANCH)]
    facts = story(
        [*tags, version("v1.1", 3)],
        [ran(0, f"2026-05-0{n}", sha=None, version=tag) for n, tag in enumerate(steps, 1)],
    )
    assert facts.failures() == dict.fromkeys(rolled_back, "rollback")


def test_a_hotfix_branch_released_by_tag_before_it_is_merged_back(story: Story) -> None:
    facts = story(
        version("v1.0", 1),
        ran(0, "2026-05-01", sha=None, version="v1.0"),
        version("v1.0.1", 1, sha=BRANCH),
        ran(0, "2026-05-02", sha=None, version="v1.0.1"),
        change(2, "2026-05-05", head_sha=BRANCH, is_hotfix=True, first_commit_at=at("2026-05-02")),
        ran(2, "2026-05-09"),
    )
    assert facts.delivery(2)["deployed_at"] == at("2026-05-02")
    assert facts.failures() == {"2026-05-01": "hotfix"}
    assert facts.rework() == {"2026-05-02": "hotfix"}


def test_two_tags_of_one_commit_are_the_same_version(story: Story) -> None:
    facts = story(
        [version("v2-rc1", 2), version("v2", 2)],
        ran(0, "2026-05-01", sha=None, version="v2-rc1"),
        ran(0, "2026-05-02", sha=None, version="v2"),
    )
    assert facts.excluded() == {"2026-05-02": "same version again"}


def test_a_pick_deployed_by_its_own_commit_brings_the_change_it_copies(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        [change(2, "2026-05-02"), change(3, "2026-05-03")],
        commit(BRANCH, picked_sha=sha(3), first_version="v1.0.1"),
        ran(0, "2026-05-04", sha=BRANCH, version=None),
        ran(3, "2026-05-06"),
    )
    assert facts.delivery(3)["link_method"] == "cherry-pick"
    assert facts.delivery(3)["deployed_at"] == at("2026-05-04")


def test_a_pick_that_is_deployed_after_its_original_changes_nothing(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03"),
        commit(BRANCH, picked_sha=sha(2), first_version="v1.0.1"),
        version("v1.0.1", 1, sha=BRANCH),
        ran(0, "2026-05-04", sha=None, version="v1.0.1"),
    )
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03")
    assert facts.delivery(2)["link_method"] == "commit"


# --- by time ------------------------------------------------------------------------------------


def test_time_links_to_the_first_new_version_after_the_merge(story: Story) -> None:
    names = {"2026-05-01": "a", "2026-05-03": "b", "2026-05-05": "a", "2026-05-07": "b"}
    facts = story(
        [ran(0, day, sha=None, version=name) for day, name in names.items()],
        [change(1, "2026-05-02"), change(2, "2026-05-03"), change(3, "2026-05-04")],
        ran(0, "2026-05-09", sha=None, version="c"),
    )
    assert facts.delivery(1)["deployed_at"] == at("2026-05-03")
    assert facts.delivery(2)["deployed_at"] == at("2026-05-03")  # merged in that very second
    # Going back to `a` and forward to `b` again cannot have brought what came after `b`.
    assert facts.delivery(3)["deployed_at"] == at("2026-05-09")
    assert facts.delivery(3)["link_method"] == "time"


def test_time_does_not_link_where_another_deployment_has_a_place(story: Story) -> None:
    facts = story(ran(1, "2026-05-01"), change(2, "2026-05-02"), unknown("2026-05-03"))
    assert facts.state(2) == "unplaced"


# --- which changes are a service's --------------------------------------------------------------


def test_a_repository_of_another_name_brings_its_changes_to_its_service(story: Story) -> None:
    facts = story(
        service("web", "web"),
        ran(1, "2026-05-01", service="shop-frontend", repository="web"),
        change(2, "2026-05-02"),
        ran(2, "2026-05-03", service="shop-frontend", repository="web"),
    )
    (row,) = facts.snapshot.rows("select service, state from change_delivery")
    assert row == {"service": "shop-frontend", "state": "delivered"}
    assert facts.snapshot.rows("select service from owned_service") == [
        {"service": "shop-frontend"}
    ]


@pytest.mark.parametrize("told", [None, "guessed"])
def test_the_configuration_says_what_a_service_is_built_from(
    story: Story, told: str | None
) -> None:
    settings = (ServiceSettings(name="shop", repository="web"),)
    facts = story(
        [ran(n, f"2026-05-0{n}", service="shop", repository=told) for n in (1, 3)],
        change(2, "2026-05-02"),
        by=Configuration(service=settings),
    )
    assert facts.state(2, "shop") == "delivered"
    assert facts.outcome("2026-05-01", "shop")["repository"] == "web"


def test_a_service_of_a_folder_does_not_take_the_whole_repository(story: Story) -> None:
    settings = (ServiceSettings(name="api", repository="mono", path="api"),)
    facts = story(
        [
            ran(n, f"2026-05-0{n}", service=name, repository="mono")
            for n in (1, 4)
            for name in ("api", "site")
        ],
        [change(n, f"2026-05-0{n}", repository="mono", services=()) for n in (2, 3)],
        by=Configuration(service=settings),
    )
    rows = facts.snapshot.rows("select service, number from change_delivery order by number")
    assert [(row["service"], row["number"]) for row in rows] == [("site", "2"), ("site", "3")]


def test_a_service_named_twice_by_a_change_has_it_once(story: Story) -> None:
    facts = story(change(1, "2026-05-01", services=("web", "web")), ran(1, "2026-05-02"))
    assert facts.deliveries() == {"1": "baseline"}


def test_places_in_different_repositories_are_never_compared(story: Story) -> None:
    facts = story(
        ran(7, "2026-05-01", repository="mono"),
        ran(1, "2026-05-02"),
        change(2, "2026-05-03"),
        change(6, "2026-05-03", repository="mono", services=("web",)),
        ran(2, "2026-05-04"),
    )
    assert facts.failures() == {}
    assert facts.delivery(2)["deployed_at"] == at("2026-05-04")
    assert facts.delivery(6)["state"] == "baseline"


def test_a_repository_that_a_service_is_not_built_from_waits_for_nothing(story: Story) -> None:
    facts = story(
        [ran(1, "2026-05-01"), ran(2, "2026-05-03")],
        change(1, "2026-05-02", repository="library", services=("web",)),
    )
    assert facts.state(1) == "no_deployment"


# --- odd times ----------------------------------------------------------------------------------


def test_dates_in_1970_and_2106_lose_no_row_and_no_figure(story: Story) -> None:
    facts = story(
        ran(1, "1970-01-01"),
        change(2, "1970-01-02 03:00"),
        ran(2, "1970-01-03 03:00"),
        change(3, "2026-05-01"),
        ran(3, "2026-05-02"),
        change(4, "2106-02-07"),
        ran(4, "2106-02-08"),
        by=Configuration.model_validate({"organisation": {"timezone": "Europe/Berlin"}}),
    )
    assert [facts.delivery(n)["lead_seconds"] for n in (2, 3, 4)] == [86_400] * 3
    assert facts.outcome("2026-05-02")["local_at"].hour == 2


def test_an_empty_working_database_gives_empty_facts(story: Story) -> None:
    facts = story(MAINLINE)
    for table in ("change_delivery", "deployment_outcome", "incident_cause", "service_watch"):
        assert facts.snapshot.rows(f"select count(*) as rows from {table}") == [{"rows": 0}]
