"""Who owns a service, and in which time zone its days begin."""

from __future__ import annotations

from data.configuration import Configuration, Organisation, Team
from data.facts.ownership import UNOWNED, idle_patterns, owners, zone_of
from data.facts.services import KnownService
from tests.data.facts.story import Story, ran, service
from tests.data.published import change, repository


def known(name: str, repository: str | None = None) -> KnownService:
    """A service as the rows tell it."""
    return KnownService(name, repository, None, is_deployed=True)


def owner_of(name: str, repository: str | None, *teams: Team) -> tuple[str, str | None]:
    """Team and pattern of a service."""
    (owner,) = owners(Configuration(team=teams), [known(name, repository)])
    return owner.team, owner.pattern


def test_the_first_match_wins_over_the_teams_in_their_order() -> None:
    first = Team(name="first", owns=("repo:acme/*", "service:pay*"))
    second = Team(name="second", owns=("service:payments",))
    assert owner_of("payments", None, first, second) == ("first", "service:pay*")
    assert owner_of("payments", None, second, first) == ("second", "service:payments")
    assert owner_of("payments", "acme/pay", first, second) == ("first", "repo:acme/*")


def test_a_pattern_matches_the_whole_name_in_its_own_case() -> None:
    team = Team(name="pay", owns=("service:pay?", "repo:web"))
    assert owner_of("pay1", None, team)[0] == "pay"
    for name, home in (("pay", None), ("Pay1", None), ("x", "website"), ("web", None)):
        assert owner_of(name, home, team) == (UNOWNED, None)


def test_a_service_without_a_repository_matches_no_pattern_of_repositories() -> None:
    assert owner_of("web", None, Team(name="all", owns=("repo:*",))) == (UNOWNED, None)


def test_the_zone_is_the_nearest_ancestors_else_the_organisations() -> None:
    teams = (
        Team(name="company", timezone="Asia/Tokyo"),
        Team(name="finance", parent="company"),
        Team(name="payments", parent="finance"),
        Team(name="web", timezone="America/Toronto", parent="company"),
        Team(name="free"),
    )
    organisation = Organisation(timezone="Europe/Berlin")
    configuration = Configuration(organisation=organisation, team=teams)
    zones = {team.name: zone_of(configuration, team) for team in teams}
    assert zones == {
        "company": "Asia/Tokyo",
        "finance": "Asia/Tokyo",
        "payments": "Asia/Tokyo",
        "web": "America/Toronto",
        "free": "Europe/Berlin",
    }
    assert zone_of(configuration, None) == "Europe/Berlin"


def test_a_pattern_that_matches_nothing_is_named() -> None:
    team = Team(name="pay", owns=("service:pay*", "repo:gone", "service:web"))
    idle = idle_patterns(Configuration(team=(team,)), [known("pay1", "here")], ["here", "docs"], {})
    assert idle == [("pay", "repo:gone"), ("pay", "service:web")]


def test_a_repository_is_owned_by_its_name_or_by_what_is_built_from_it(story: Story) -> None:
    owns = ("service:web", "repo:docs-*", "repo:gone")
    facts = story(
        ran(1, "2026-05-01"),
        *map(repository, ("web", "docs-old", "spare", "tools")),
        change(1, "2026-05-01", services=("tools",), repository="tools"),
        by=Configuration(team=(Team(name="pay", owns=owns),)),
    )
    nobodys = [row["repository"] for row in facts.snapshot.rows("from unowned_repository")]
    assert nobodys == ["spare", "tools"]
    assert facts.snapshot.rows("from idle_pattern") == [{"team": "pay", "pattern": "repo:gone"}]


def test_teams_nest_and_each_knows_all_below_it(story: Story) -> None:
    teams = (
        Team(name="company"),
        Team(name="finance", parent="company"),
        Team(name="payments", parent="finance", owns=("service:web",)),
    )
    facts = story(ran(1, "2026-05-01"), by=Configuration(team=teams))
    members = {row["team"]: set(row["members"]) for row in facts.snapshot.rows("from team")}
    assert members == {
        "company": {"company", "finance", "payments"},
        "finance": {"finance", "payments"},
        "payments": {"payments"},
        UNOWNED: {UNOWNED},
    }


def test_what_nobody_owns_stays_in_sight(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01"),
        change(1, "2026-05-01", services=("silent",), repository="silent"),
        service("declared", None),
        by=Configuration(team=(Team(name="pay", owns=("service:declared", "service:gone")),)),
    )
    owned = {row["service"]: row["team"] for row in facts.snapshot.rows("from owned_service")}
    assert owned == {"web": UNOWNED, "silent": UNOWNED, "declared": "pay"}
    assert facts.outcome("2026-05-01")["team"] == UNOWNED
    assert facts.snapshot.rows("from idle_pattern") == [{"team": "pay", "pattern": "service:gone"}]


def test_the_repository_of_a_deployment_goes_before_what_others_say(story: Story) -> None:
    facts = story(
        service("web", "declared"),
        service("idle", "declared", id="test:service/idle-too"),
        change(1, "2026-05-01", repository="library", services=("web", "idle", "only")),
        ran(1, "2026-05-01", repository="deployed"),
    )
    built = {row["service"]: row["repository"] for row in facts.snapshot.rows("from owned_service")}
    assert built == {"web": "deployed", "idle": "declared", "only": "library"}
