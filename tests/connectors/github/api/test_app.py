"""A GitHub App as a way in: its installation is found, its tokens are renewed by GitHub's clock."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from data.model import Change
from tests.connectors.github.organisation import Organisation
from tests.connectors.loopback import Answer
from tests.doubles.github.world import Installation

RIGHTS = ("deployments", "pull_requests", "contents", "checks", "statuses")


@pytest.fixture
def app(acme: Organisation) -> Organisation:
    """An organisation in which an app is installed, which is the way in."""
    acme.have_repositories("acme/web")
    made, key = acme.double.add_app("cairn-reader", "acme", **dict.fromkeys(RIGHTS, "read"))
    (acme.folder / "app.pem").write_text(key)
    organisation = acme.world.organisations["acme"]
    installation = Installation(acme.world.new_id(), made, organisation.account, acme.time.at)
    organisation.installations.append(installation)
    acme.settings["token"] = None
    acme.settings["app"] = {
        "id": made.id,
        "private_key": "file:app.pem",
        "installation": installation.id,
    }
    return acme


def tokens_asked_for(acme: Organisation) -> int:
    return len(acme.double.asked.like("/access_tokens"))


def test_an_app_reads_like_anybody(app: Organisation) -> None:
    connector = app.connector()
    assert app.house.sync(connector, app.context()).errors == []
    assert len([c for c in app.rows(Change) if c.number]) == 3
    assert tokens_asked_for(app) == 1
    assert connector.requests.sent == len(app.double.asked)


@pytest.mark.parametrize("refused", ["/users/", "/orgs/acme/installation"])
def test_its_installation_is_found_by_organisation_or_account(
    app: Organisation, refused: str
) -> None:
    app.settings["app"] = {**app.settings["app"], "installation": None}
    app.double.refuse(refused, 404)
    assert app.sync().errors == []
    assert app.rows(Change)


def test_an_app_that_is_installed_nowhere_is_told(app: Organisation) -> None:
    app.settings["app"] = {**app.settings["app"], "installation": None}
    app.world.organisations["acme"].installations.clear()
    (error,) = app.sync().errors
    assert "404" in error.what


def test_its_token_is_renewed_before_it_ends(app: Organisation) -> None:
    connector, context = app.connector(), app.context()
    app.double.forget()
    app.house.sync(connector, context)
    app.time.at += timedelta(minutes=50)
    app.house.sync(connector, context)
    assert tokens_asked_for(app) == 1
    app.time.at += timedelta(minutes=6)
    app.land(app.world.repository("acme/web"), "Later")
    assert app.house.sync(connector, context).errors == []
    assert tokens_asked_for(app) == 2
    assert len([c for c in app.rows(Change) if c.number]) == 4


def test_a_sync_without_news_costs_an_app_a_look_at_each_thing_and_no_question(
    app: Organisation,
) -> None:
    app.sync()
    first = app.house.records()
    app.time.at += timedelta(hours=2)  # another token, to which every page has another name
    assert app.sync().pages == 0
    assert not app.double.counted.like("graphql")
    looks = app.double.counted.like("GET ")
    assert len(looks) == 1 + len(("repository", "deployments", "changes"))
    assert app.house.records() == first


@pytest.mark.parametrize("hours", [1, -1, 30])
def test_a_clock_that_is_off_goes_by_that_of_the_host(app: Organisation, hours: int) -> None:
    assert app.sync(clock_skew=timedelta(hours=hours)).errors == []
    assert tokens_asked_for(app) == 2  # the first is refused, and tells the time
    assert app.rows(Change)


def test_a_wrong_app_is_told_in_one_line(app: Organisation) -> None:
    app.settings["app"] = {**app.settings["app"], "id": 99}
    (error,) = app.sync().errors
    assert "answered 401" in error.what
    assert "\n" not in str(error)


@pytest.mark.parametrize("key", ["no key at all", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_is_none_is_told_and_not_shown(app: Organisation, key: str) -> None:
    (app.folder / "app.pem").write_text(key)
    (error,) = app.sync().errors
    assert (error.where, "private key" in error.what) == ("file:app.pem", True)
    assert "AAAA" not in str(error)


def test_a_key_that_is_not_there_is_told(app: Organisation) -> None:
    (app.folder / "app.pem").unlink()
    (error,) = app.sync().errors
    assert error.where == "file:app.pem"


def test_a_suspended_installation_is_told(app: Organisation) -> None:
    app.world.organisations["acme"].installations[0].suspended_at = app.time.at
    (error,) = app.sync().errors
    assert "suspended" in error.what


@pytest.mark.parametrize("told", [{}, [], {"token": "x"}, {"token": "x", "expires_at": None}])
def test_an_answer_that_lends_no_token_is_told(app: Organisation, told: object) -> None:
    app.double.fail("/access_tokens", [Answer.json(told, 201)])
    (error,) = app.sync().errors
    assert "does not tell a token" in error.what


def test_neither_key_nor_token_is_in_any_log(
    app: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app.sync()
    lent = [text for text in app.double.tokens if text.startswith("ghs_")]
    assert lent
    told = caplog.text + app.house.everything()
    assert not [text for text in lent if text in told]
    assert "PRIVATE KEY" not in told
    assert "eyJ" not in told
