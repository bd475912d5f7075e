"""Who has access, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.github.governance.access import Access
from connectors.github.governance.repository_access import RepositoryAccess
from data.model import Gap, GapReason, MemberAccess, Organisation
from tests.connectors.github.one_organisation import OneOrganisation
from tests.connectors.github.one_stream import A_DAY, TOKEN, OneStream
from tests.doubles.github.world import Collaborator, DeployKey, Installation

READING = ("metadata:read", "contents:read", "members:read")


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneOrganisation]:
    made = OneOrganisation(tmp_path, Access)
    acme = made.world.organisations["acme"]
    acme.add_member(made.dev, "admin")
    acme.add_member(made.world.account("reviewer-2"))
    acme.add_member(made.world.account("careless-3"), has_two_factor=False)
    yield made
    made.close()


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, RepositoryAccess)
    made.world.organisations["acme"].add_member(made.dev, "admin")
    yield made
    made.close()


def by_subject(source: OneStream) -> dict[str, MemberAccess]:
    return {row.subject: row for row in source.rows(MemberAccess)}


def install(source: OneStream, slug: str, **permissions: str) -> Installation:
    app, _ = source.double.add_app(slug, "dev-1", **permissions)
    acme = source.world.organisations["acme"]
    made = Installation(source.world.new_id(), app, acme.account, source.time.at - A_DAY)
    acme.installations.append(made)
    return made


def test_members_are_told_with_their_role_and_second_factor(source: OneOrganisation) -> None:
    assert not source.sync().errors
    told = {name: (r.role, r.is_admin, r.has_two_factor) for name, r in by_subject(source).items()}
    assert told == {
        "dev-1": ("admin", True, True),
        "reviewer-2": ("member", False, True),
        "careless-3": ("member", False, False),
    }
    assert source.house.standing("access") == []


def test_the_organisation_tells_what_holds_for_all_its_repositories(
    source: OneOrganisation,
) -> None:
    source.world.organisations["acme"].can_workflows_approve = True
    source.sync()
    (row,) = source.rows(Organisation)
    assert (row.id, row.name) == ("github:acme#organisation", "acme")
    assert row.is_two_factor_required is True
    assert (row.default_workflow_right, row.is_workflow_approval_allowed) == ("read", True)


def test_what_only_owners_are_told_is_unknown_to_others(source: OneOrganisation) -> None:
    source.world.organisations["acme"].members[0].role = "member"
    source.double.add_token(TOKEN, "dev-1", READING)
    source.sync()
    assert {row.has_two_factor for row in source.rows(MemberAccess)} == {None}
    (row,) = source.rows(Organisation)
    assert (row.is_two_factor_required, row.default_workflow_right) == (None, None)
    parts = {gap.id.split("/")[-2] for gap in source.house.standing("access")}
    assert {"workflow", "insecure", "installations"} <= parts


def test_an_application_is_told_with_what_it_may_do(source: OneOrganisation) -> None:
    install(source, "reader-app", contents="read", metadata="read")
    install(source, "ruler-app", administration="write", metadata="read")
    sleeper = install(source, "sleeper-app", contents="write")
    sleeper.suspended_at = source.time.at
    source.sync()
    told = by_subject(source)
    reader, ruler = told["reader-app"], told["ruler-app"]
    assert (reader.role, reader.is_admin, reader.is_read_only) == (
        "contents: read, metadata: read",
        False,
        True,
    )
    assert (ruler.is_admin, ruler.is_read_only) == (True, False)
    assert (told["sleeper-app"].role, told["sleeper-app"].is_read_only) == ("suspended", True)


def test_who_leaves_goes_and_nothing_new_costs_nothing(source: OneOrganisation) -> None:
    source.sync()
    assert source.sync().pages == 0
    assert not source.asked("/members|/outside|/installations|/permissions|/orgs/acme$")
    source.world.organisations["acme"].members.pop()
    source.sync()
    assert "careless-3" not in by_subject(source)
    assert source.reads_anew_alike()


def test_a_part_that_was_read_and_is_refused_later_deletes_nothing(
    source: OneOrganisation,
) -> None:
    install(source, "reader-app", contents="read")
    source.sync()
    source.double.refuse("/installations", 403)
    source.sync()
    assert "reader-app" in by_subject(source)
    (gap,) = source.house.standing("access")
    assert gap.reason == GapReason.NO_PERMISSION
    source.double.allow()
    source.sync()
    assert source.house.standing("access") == []


def test_a_filter_that_is_ignored_is_noticed_and_nobody_is_blamed(
    source: OneOrganisation,
) -> None:
    source.double.ignored_filters.update({"filter", "role"})
    source.sync()
    told = {(r.role, r.is_admin, r.has_two_factor) for r in source.rows(MemberAccess)}
    assert told == {(None, None, None)}
    assert {gap.reason for gap in source.rows(Gap)} == {GapReason.FILTER_IGNORED}


@pytest.mark.parametrize("is_required", [True, False, None])
def test_a_second_factor_is_unknown_where_the_filter_may_be_ignored(
    source: OneOrganisation, is_required: bool | None
) -> None:
    source.double.ignored_filters.add("filter")
    source.double.damage(
        "/orgs/acme$", lambda told: {**told, "two_factor_requirement_enabled": is_required}
    )
    source.sync()
    told = {(r.is_admin, r.has_two_factor) for r in source.rows(MemberAccess)}
    assert told == {(True, None), (False, None)}
    (gap,) = source.rows(Gap)
    assert gap.reason == GapReason.FILTER_IGNORED
    assert "all lack a second factor, or the filter was ignored" in gap.what


def test_one_outside_who_lacks_a_second_factor_is_told_where_the_filter_is_heeded(
    source: OneOrganisation,
) -> None:
    acme = source.world.organisations["acme"]
    acme.is_two_factor_required = False
    acme.outside.append(source.world.account("guest-4"))
    source.double.damage(r"/outside_collaborators", lambda told: told)
    source.sync()
    assert by_subject(source)["guest-4"].has_two_factor is False
    assert source.rows(Gap) == []


def test_mail_addresses_of_the_organisation_are_not_archived(source: OneOrganisation) -> None:
    mail = {"billing_email": "money@example.com", "email": "all@example.com"}
    source.double.damage("/orgs/acme$", lambda told: {**told, **mail})
    source.sync()
    assert "example.com" not in source.house.everything()


def test_many_members_come_on_several_pages(source: OneOrganisation) -> None:
    acme = source.world.organisations["acme"]
    for number in range(250):
        acme.add_member(source.world.account(f"member-{number}"))
    source.sync()
    assert len(source.rows(MemberAccess)) == 253
    assert source.sync().pages == 0
    assert not source.asked("/members")


def test_an_account_is_an_organisation_that_is_not_there(source: OneOrganisation) -> None:
    source.double.refuse("/orgs/acme$", 404)
    source.sync()
    (gap,) = source.house.standing("access")
    assert gap.reason == GapReason.NOT_FOUND


# --- rights in a repository --------------------------------------------------------------------


def test_accounts_teams_and_keys_are_told_with_their_rights(repository: OneStream) -> None:
    world, place = repository.world, repository.repository
    acme = world.organisations["acme"]
    acme.give(acme.add_team("core", 9), place, "maintain")
    place.collaborators = [
        Collaborator(world.account("reviewer-2"), "triage"),
        Collaborator(world.account("guest-4"), "admin", is_outside=True),
    ]
    at = repository.time.at - A_DAY
    place.keys = [DeployKey(1, "mirror", at), DeployKey(2, "robot", at, False, last_used_at=at)]
    assert not repository.sync().errors
    told = {
        name: (r.kind, r.role, r.is_admin, r.is_read_only)
        for name, r in by_subject(repository).items()
    }
    assert told == {
        "reviewer-2": ("member", "triage", False, True),
        "guest-4": ("outside", "admin", True, False),
        "core": ("team", "maintain", False, False),
        "mirror": ("deploy_key", "read", False, True),
        "robot": ("deploy_key", "write", False, False),
    }
    assert by_subject(repository)["robot"].last_used_at == at
    assert by_subject(repository)["core"].id == "github:acme/web#access/team/core"


def test_each_list_can_be_refused_on_its_own(repository: OneStream) -> None:
    repository.double.refuse("/keys", 403)
    repository.repository.collaborators = [Collaborator(repository.dev, "write")]
    assert not repository.sync().errors
    assert list(by_subject(repository)) == ["dev-1"]
    (gap,) = repository.house.standing(repository.stream)
    assert "deploy keys" in gap.what
    assert repository.sync().pages == 0
    assert len(repository.house.standing(repository.stream)) == 1


def test_a_right_that_is_taken_back_goes(repository: OneStream) -> None:
    repository.repository.collaborators = [Collaborator(repository.dev, "write")]
    repository.sync()
    repository.repository.collaborators.clear()
    repository.sync()
    assert by_subject(repository) == {}
    assert repository.sync().pages == 0
    assert not repository.asked("/repos/acme/web/")


@pytest.mark.parametrize("path", ["/keys", "/teams", "/collaborators"])
def test_what_is_no_list_is_told(repository: OneStream, path: str) -> None:
    def nulled(told: Any) -> Any:
        return None

    repository.double.damage(path, nulled)
    (error,) = repository.sync().errors
    assert "not the list" in str(error)
