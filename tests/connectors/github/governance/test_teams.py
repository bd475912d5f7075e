"""Who is in which team, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.github.governance.teams import Teams
from data.model import Gap, GapReason, MemberAccess
from tests.connectors.github.one_organisation import OneOrganisation
from tests.connectors.github.one_stream import TOKEN, OneStream, small_pages
from tests.connectors.house import Kill, Killed
from tests.doubles.github.world import Team


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneOrganisation]:
    made = OneOrganisation(tmp_path, Teams)
    made.world.organisations["acme"].add_member(made.dev, "admin")
    yield made
    made.close()


def add_team(source: OneStream, slug: str, *logins: str, parent: Team | None = None) -> Team:
    accounts = [source.world.account(login) for login in logins]
    acme = source.world.organisations["acme"]
    return acme.add_team(slug, source.world.new_id(), *accounts, parent=parent)


def told(source: OneStream) -> set[tuple[str, str, str, str | None]]:
    return {(r.kind, r.scope, r.subject, r.role) for r in source.rows(MemberAccess)}


def test_who_is_in_a_team_and_who_may_change_that(source: OneOrganisation) -> None:
    add_team(source, "core", "dev-1", "reviewer-2").maintainers.add("dev-1")
    assert not source.sync().errors
    assert told(source) == {
        ("member", "@acme/core", "dev-1", "maintainer"),
        ("member", "@acme/core", "reviewer-2", "member"),
    }
    maintainer, member = source.rows(MemberAccess)
    assert (maintainer.is_admin, member.is_admin) == (True, False)
    assert maintainer.has_two_factor is None
    assert maintainer.id == "github:acme#team/core/member/dev-1"
    assert maintainer.url == f"{source.server.url}/orgs/acme/teams/core"


def test_a_nested_team_is_told_with_its_parent_and_its_own_members_alone(
    source: OneOrganisation,
) -> None:
    core = add_team(source, "core", "dev-1")
    add_team(source, "core-web", "reviewer-2", parent=core)
    source.sync()
    assert told(source) == {
        ("member", "@acme/core", "dev-1", "member"),
        ("team", "@acme/core", "core-web", "child team"),
        ("member", "@acme/core-web", "reviewer-2", "member"),
    }


def test_who_leaves_a_team_goes_and_a_team_that_is_dissolved_too(source: OneOrganisation) -> None:
    core = add_team(source, "core", "dev-1", "reviewer-2")
    add_team(source, "old", "dev-1")
    source.sync()
    core.members.pop()
    source.world.organisations["acme"].teams.pop()
    source.sync()
    assert told(source) == {("member", "@acme/core", "dev-1", "member")}
    assert source.reads_anew_alike()


def test_what_did_not_change_costs_one_question_and_stores_nothing(
    source: OneOrganisation,
) -> None:
    core = add_team(source, "core", "dev-1", "reviewer-2")
    source.sync()
    assert source.sync().pages == 0
    assert len(source.double.counted) == 2  # the list of repositories comes first
    core.members.reverse()
    assert source.sync().pages == 0
    core.maintainers.add("reviewer-2")
    assert source.sync().pages == 1


def test_an_organisation_without_teams_has_none_and_that_is_known(
    source: OneOrganisation,
) -> None:
    assert source.sync().errors == []
    assert source.rows(MemberAccess) == []
    assert source.house.standing("teams") == []
    assert source.rows(Gap) == []
    assert source.sync().pages == 0


def test_the_teams_of_an_account_are_not_there(source: OneOrganisation) -> None:
    source.settings["organisation"] = "dev-1"
    source.world.add_repository("dev-1/tools")
    assert source.sync().errors == []
    (gap,) = source.house.standing("teams")
    assert gap.reason == GapReason.NOT_FOUND
    assert source.rows(MemberAccess) == []


def test_more_teams_and_members_than_fit_on_a_page_are_read(source: OneOrganisation) -> None:
    add_team(source, "all", *(f"member-{n:03}" for n in range(250)))
    for n in range(6):
        add_team(source, f"team-{n}", "dev-1")
    with small_pages(Teams, 4):
        source.sync()
        assert len(source.rows(MemberAccess)) == 256
        assert len(source.double.counted.like(r" Teams ")) == 2
        assert len(source.double.counted.like(r" TeamRest ")) == 2
        assert source.sync().pages == 0
        source.world.organisations["acme"].teams[0].members[200] = source.dev
        source.sync()
    assert "member-200" not in {row.subject for row in source.rows(MemberAccess)}


def test_a_token_that_may_not_see_members_is_a_gap(source: OneOrganisation) -> None:
    add_team(source, "core", "dev-1")
    source.sync()
    source.double.add_token(TOKEN, "dev-1", ("metadata:read",))
    source.sync()
    (gap,) = source.house.standing("teams")
    assert gap.reason == GapReason.NO_PERMISSION
    assert len(source.rows(MemberAccess)) == 1


def test_a_team_whose_members_are_hidden_is_unknown_and_not_empty(
    source: OneOrganisation,
) -> None:
    add_team(source, "core", "dev-1", "reviewer-2")
    add_team(source, "other", "dev-1")
    source.sync()
    source.double.damage(" Teams ", hide_members_of_core)
    assert source.sync().errors == []
    assert len(source.rows(MemberAccess)) == 3  # what was shown before is not taken for gone
    (gap,) = source.rows(Gap)
    assert (gap.reason, gap.count) == (GapReason.NO_PERMISSION, 2)
    assert "the team core" in gap.what
    source.double.allow()
    source.sync()
    assert source.rows(Gap) == []


def hide_members_of_core(answer: Any) -> Any:
    answer["data"]["organization"]["teams"]["nodes"][0]["members"]["edges"] = []
    return answer


def test_a_team_that_is_told_as_null_stops_no_other(source: OneOrganisation) -> None:
    add_team(source, "core", "dev-1")
    add_team(source, "other", "dev-1")

    def nulled(answer: Any) -> Any:
        answer["data"]["organization"]["teams"]["nodes"][0] = None
        path = ["organization", "teams", "nodes", 0, "members"]
        error = {"type": "FORBIDDEN", "path": path, "message": "Resource not accessible"}
        return {**answer, "errors": [error]}

    source.double.damage(" Teams ", nulled)
    assert source.sync().errors == []
    assert told(source) == {("member", "@acme/other", "dev-1", "member")}
    reasons = {gap.reason for gap in source.rows(Gap)}
    assert GapReason.NO_PERMISSION in reasons


@pytest.mark.parametrize("field", ["slug", "members", "parentTeam"])
def test_a_team_without_a_field_is_a_gap_and_the_others_stand(
    source: OneOrganisation, field: str
) -> None:
    add_team(source, "core", "dev-1")
    add_team(source, "other", "dev-1")

    def damaged(answer: Any) -> Any:
        del answer["data"]["organization"]["teams"]["nodes"][0][field]
        return answer

    source.double.damage(" Teams ", damaged)
    assert source.sync().errors == []
    assert told(source) == {("member", "@acme/other", "dev-1", "member")}
    (gap,) = source.rows(Gap)
    assert gap.reason == GapReason.UNREADABLE


@pytest.mark.parametrize("is_committed", [False, True])
def test_an_interrupted_reading_ends_as_one_that_was_not(
    source: OneOrganisation, is_committed: bool
) -> None:
    add_team(source, "core", "dev-1", "reviewer-2")
    with pytest.raises(Killed):
        source.sync(kill=Kill(0, is_committed))
    source.sync()
    assert source.reads_anew_alike()


def test_only_single_repositories_have_no_teams(source: OneOrganisation) -> None:
    source.settings["repositories"] = ["acme/web"]
    source.sync()
    assert not source.asked("graphql")


def test_who_is_no_owner_is_not_told_which_secret_teams_there_are(source: OneOrganisation) -> None:
    add_team(source, "core", "dev-1", "reviewer-2")
    secret = add_team(source, "red", "reviewer-2")
    secret.is_secret = True
    source.sync()
    assert len(told(source)) == 3
    acme = source.world.organisations["acme"]
    acme.members[0] = replace(acme.members[0], role="member")
    source.sync()
    (gap,) = [gap for gap in source.rows(Gap) if gap.id.endswith("#gap/teams/secret/no_permission")]
    assert "secret teams" in gap.what
    # Who leaves a team that is shown is gone all the same.
    acme.teams[0].members.pop()
    source.sync()
    assert told(source) == {("member", "@acme/core", "dev-1", "member")}
