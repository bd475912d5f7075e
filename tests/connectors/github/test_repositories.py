"""Which repositories are read, and what becomes of those that move."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from connectors.github.settings import Settings
from connectors.http.errors import HttpError, NotFound
from connectors.interface import SourceUnavailable
from data.model import Change, Commit, GapReason, Repository, Service
from data.store.working import Touched
from tests.connectors.github.organisation import Organisation
from tests.connectors.house import Kill, Killed
from tests.doubles.github import story
from tests.doubles.github.world import Installation
from tests.doubles.host import Json


def names(acme: Organisation) -> list[str]:
    return [row.name for row in acme.rows(Repository)]


def test_a_new_repository_joins_by_itself(acme: Organisation) -> None:
    acme.add_repository("acme/web")
    acme.sync()
    acme.add_repository("acme/pay-api")
    acme.sync()
    assert names(acme) == ["acme/pay-api", "acme/web"]


def test_patterns_forks_and_archives_decide_what_is_read(acme: Organisation) -> None:
    for name in ("web", "pay-api", "pay-old", "fork"):
        acme.add_repository(f"acme/{name}")
    acme.world.repository("acme/fork").is_fork = True
    story.archive(acme.world.repository("acme/pay-old"), acme.next())
    acme.sync()
    assert names(acme) == ["acme/pay-api", "acme/pay-old", "acme/web"]
    assert [r.is_archived for r in acme.rows(Repository)] == [False, True, False]
    acme.settings |= {"include": ["pay-*", "fork"], "include_archived": False}
    acme.settings |= {"include_forks": True}
    other = acme.new_house()
    acme.sync(other)
    assert [r.name for r in acme.rows(Repository, other)] == ["acme/fork", "acme/pay-api"]


def test_the_private_repositories_of_an_account_are_read_with_its_own_token(
    acme: Organisation,
) -> None:
    acme.add_repository("dev-1/tools")
    acme.settings["organisation"] = "Dev-1"
    assert acme.sync().errors == []
    assert names(acme) == ["dev-1/tools"]


def test_of_another_account_what_is_public_is_read(acme: Organisation) -> None:
    acme.add_repository("dev-1/own")
    acme.world.account("other-5")
    acme.add_repository("other-5/hidden")
    acme.add_repository("other-5/shown").is_private = False
    acme.settings["organisation"] = "other-5"
    assert acme.sync().errors == []
    assert names(acme) == ["other-5/shown"]


def test_of_several_tokens_none_is_taken_for_the_account_s_own(acme: Organisation) -> None:
    acme.double.add_token("ghp_other", "other-5")
    (acme.folder / "other.txt").write_text("ghp_other")
    acme.add_repository("dev-1/shown").is_private = False
    acme.settings |= {"organisation": "dev-1", "token": ["file:token.txt", "file:other.txt"]}
    assert [place.name for place in acme.connector().places()] == ["dev-1/shown"]
    assert not acme.double.asked.like("/user/repos")


def test_an_app_of_an_account_reads_what_it_was_given(acme: Organisation) -> None:
    app, key = acme.double.add_app("reader-app", "dev-1", contents="read")
    world = acme.world
    home = world.organisation("dev-1")
    home.installations.append(Installation(world.new_id(), app, home.account, acme.next()))
    acme.double.refuse("/orgs/dev-1/", 404)  # it is an account
    acme.add_repository("dev-1/tools")
    (acme.folder / "app.pem").write_text(key)
    acme.settings = {"organisation": "dev-1", "app": {"id": app.id, "private_key": "file:app.pem"}}
    assert [place.name for place in acme.connector().places()] == ["dev-1/tools"]


@pytest.mark.parametrize("has_token", [True, False])
def test_an_organisation_that_is_not_there_is_named(acme: Organisation, has_token: bool) -> None:
    acme.settings["organisation"] = "acme-typo"
    if not has_token:
        del acme.settings["token"]
    (error,) = acme.sync().errors
    assert isinstance(error, NotFound)
    assert error.what == "organisation acme-typo is not found, or hidden from this token"
    assert ("name a token" in error.fix) is not has_token


def test_more_repositories_than_fit_on_a_page_are_read(acme: Organisation) -> None:
    for number in range(103):
        acme.world.add_repository(f"acme/r{number}", acme.next())
    assert len(acme.connector().places()) == 103


def test_only_those_that_are_named_are_read_and_a_missing_one_stops_no_other(
    acme: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    acme.have_repositories("acme/web", "acme/pay-api")
    acme.settings["repositories"] = ["acme/gone", "acme/web"]
    assert acme.sync().errors == []
    assert names(acme) == ["acme/web"]
    assert "acme/gone is left out" in caplog.text
    acme.settings["repositories"] = ["acme/gone"]
    (error,) = acme.sync(acme.new_house()).errors
    assert isinstance(error, HttpError)


def test_an_organisation_without_repositories_is_told(acme: Organisation) -> None:
    (error,) = acme.sync().errors
    assert isinstance(error, SourceUnavailable)
    assert (error.what, error.where) == ("there is no repository to read", "repositories of acme")


def test_a_list_that_is_none_is_told_in_one_line(acme: Organisation) -> None:
    acme.add_repository()
    for damage in (
        lambda _: None,
        lambda _: {"message": "hello"},
    ):
        acme.double.damage("/orgs/acme/repos", damage)
        (error,) = acme.sync().errors
        assert isinstance(error, HttpError)
        assert "\n" not in str(error)
        acme.double.allow()


ODD: Mapping[str, Callable[[Json], Json]] = {
    "null": lambda _: None,
    "a number": lambda _: 3,
    "all fields but the id are missing": lambda item: {"id": item["id"]},
    "the default branch is missing": lambda item: item.pop("default_branch") and item,
    "the default branch is a list": lambda item: {**item, "default_branch": []},
    "the name is null": lambda item: {**item, "full_name": None},
    "the name leads elsewhere": lambda item: {**item, "full_name": "acme/../../user"},
    "the id is null": lambda item: {**item, "id": None},
    "the time is an object": lambda item: {**item, "pushed_at": {}},
}


@pytest.mark.parametrize("way", ODD)
def test_an_odd_repository_stops_no_other_and_is_told(
    acme: Organisation, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    acme.add_repository("acme/odd")
    acme.add_repository("acme/web")
    acme.double.damage("/orgs/acme/repos", lambda listed: [ODD[way](listed[0]), *listed[1:]])
    assert acme.sync().errors == []
    assert names(acme) == ["acme/web"]
    (line,) = [record.message for record in caplog.records if "left out" in record.message]
    assert line.startswith("repositories of acme: ")
    assert "\n" not in line


def test_a_list_of_nothing_but_odd_ones_is_told(acme: Organisation) -> None:
    acme.add_repository()
    acme.double.damage("/orgs/acme/repos", lambda listed: [{"id": 1}, 3])
    (error,) = acme.sync().errors
    assert isinstance(error, SourceUnavailable)
    assert error.what == "none of 2 repositories is what it should be"


def test_one_that_turns_odd_keeps_what_was_read_and_is_a_gap(acme: Organisation) -> None:
    acme.have_repositories("acme/odd", "acme/web")
    acme.sync()
    before = acme.house.records()
    damage = ODD["the default branch is missing"]
    acme.double.damage("/orgs/acme/repos", lambda listed: [damage(listed[0]), *listed[1:]])
    assert acme.sync().errors == []
    assert acme.house.records() == before
    assert {gap.reason for gap in acme.gaps()} == {"not_found"}


def test_a_repository_that_is_told_oddly_itself_is_a_gap_and_stays(acme: Organisation) -> None:
    acme.have_repositories("acme/web")
    acme.sync()
    acme.double.damage(r"/repos/acme/web$", lambda item: {**item, "created_at": []})
    assert acme.sync().errors == []
    assert names(acme) == ["acme/web"]
    (gap,) = acme.gaps()
    assert (gap.reason, gap.id) == ("unreadable", "github:acme/web#gap/repository/unreadable")
    acme.double.allow()
    acme.sync()
    assert acme.gaps() == []


# --- moving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_named", [False, True])
def test_a_renamed_repository_is_the_same_under_its_new_name(
    acme: Organisation, is_named: bool
) -> None:
    if is_named:
        acme.settings["repositories"] = ["acme/web"]
    (web,) = acme.have_repositories("acme/web")
    acme.sync()
    streams = set(acme.house.cursors)
    story.rename(web, "site", acme.next())
    assert acme.sync().errors == []
    _is_there_once_as(acme, "acme/site")
    assert set(acme.house.cursors) == streams
    acme.land(web, "Later")
    acme.sync()
    assert len([c for c in acme.rows(Change) if c.number]) == 4
    assert acme.sync().pages == 0


def test_a_transferred_repository_is_the_same_under_its_new_owner(acme: Organisation) -> None:
    acme.settings["repositories"] = ["acme/web"]
    (web,) = acme.have_repositories("acme/web")
    acme.sync()
    story.transfer(web, acme.world.organisation("umbrella").account, acme.next())
    assert acme.sync().errors == []
    _is_there_once_as(acme, "umbrella/web")


def test_another_repository_may_take_the_old_name(acme: Organisation) -> None:
    (web,) = acme.have_repositories("acme/web")
    acme.sync()
    story.rename(web, "site", acme.next())
    acme.have_repositories("acme/web")
    assert acme.sync().errors == []
    assert names(acme) == ["acme/site", "acme/web"]
    for name in names(acme):
        assert len([c for c in acme.rows(Change) if c.repository == name]) == 4


def _is_there_once_as(acme: Organisation, name: str) -> None:
    fresh = acme.synced()
    assert acme.house.records() == fresh.records()
    assert names(acme) == [name]
    assert [s.name for s in acme.rows(Service)] == [name]
    assert {c.repository for c in acme.rows(Change)} == {name}
    assert {c.repository for c in acme.rows(Commit)} == {name}
    assert len([c for c in acme.rows(Change) if c.number]) == 3


def test_one_that_left_the_organisation_keeps_what_was_read_and_is_told(
    acme: Organisation,
) -> None:
    web, _ = acme.have_repositories("acme/web", "acme/pay-api")
    acme.sync()
    before = acme.house.records()
    story.transfer(web, acme.world.organisation("umbrella").account, acme.next())
    assert acme.sync().errors == []
    assert acme.house.records() == before
    assert {gap.reason for gap in acme.gaps()} == {"not_found"}


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://api.github.com/", "https://api.github.com"),
        ("https://git.example.com", "https://git.example.com/api/v3"),
        ("https://git.example.com/api/v3/", "https://git.example.com/api/v3"),
        ("https://api.acme.ghe.example", "https://api.acme.ghe.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3"),
    ],
)
def test_a_host_may_be_named_by_its_pages(given: str, meant: str) -> None:
    assert Settings(url=given).url == meant


def test_while_streams_are_read_for_the_first_time_that_is_a_gap(acme: Organisation) -> None:
    web = acme.add_repository()
    for _ in range(3):
        acme.land(web)
    with pytest.raises(Killed):
        acme.sync(kill=Kill(1, is_committed=True))
    (gap,) = [gap for gap in acme.gaps() if "first time" in gap.what]
    assert gap.reason == GapReason.TRUNCATED
    assert gap.count == len(acme.connector().discover())
    acme.sync()
    assert acme.gaps() == []
    assert acme.sync().touched == Touched()
