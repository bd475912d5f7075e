"""python-gitlab asks through the house's own session."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.gitlab.settings import TokenKind
from connectors.http.api import Api
from connectors.http.errors import (
    Forbidden,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnexpectedReply,
)
from tests.connectors.gitlab.one_project import TOKEN, OneProject
from tests.connectors.loopback import Answer
from tests.doubles.gitlab import story


def api(shop: OneProject, **settings: object) -> Api:
    shop.settings |= settings
    return shop.connector().api


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        (TokenKind.PRIVATE, "private-token", TOKEN),
        (TokenKind.OAUTH, "authorization", f"Bearer {TOKEN}"),
        (TokenKind.JOB, "job-token", TOKEN),
    ],
)
def test_a_token_is_shown_as_its_kind_is(
    shop: OneProject, kind: TokenKind, header: str, value: str
) -> None:
    shop.double.fail("/user", [Answer.json({"id": 1})])
    api(shop, token_kind=kind).get("user")
    (asked,) = shop.asked("/user")
    assert asked.headers[header] == value
    shown = {"private-token", "authorization", "job-token"} & set(asked.headers)
    assert shown == {header}


def test_without_a_token_none_is_shown(shop: OneProject) -> None:
    shop.double.fail("/user", [Answer.json({"id": 1})])
    api(shop, token=None).get("user")
    (asked,) = shop.asked("/user")
    assert not {"private-token", "authorization", "job-token"} & set(asked.headers)


def test_an_unchanged_answer_is_told_as_such(shop: OneProject) -> None:
    gitlab = api(shop)
    first = gitlab.get("user")
    again = gitlab.get("user", validators=first.validators)
    assert not first.is_unchanged
    assert again.is_unchanged


def test_parameters_and_the_address_of_a_next_page_arrive(shop: OneProject) -> None:
    for number in range(3):
        shop.world.project(f"acme/p-{number}")
    gitlab = api(shop)
    first = gitlab.get("groups/acme/projects", {"per_page": 2, "include_subgroups": True})
    assert first.next_url is not None
    second = gitlab.get(first.next_url)
    names = [item["path"] for reply in (first, second) for item in reply.json()]
    assert sorted(names) == ["p-0", "p-1", "p-2", "web"]


def test_a_project_that_moved_is_found_under_its_old_path(shop: OneProject) -> None:
    story.rename(shop.project, "site", shop.at())
    reply = api(shop).get("projects/acme%2Fshop%2Fweb")
    assert reply.json()["path_with_namespace"] == "acme/shop/site"


def test_waiting_and_trying_again_are_left_to_the_house(shop: OneProject) -> None:
    shop.double.fail("/user", [Answer(429, b"Retry later\n", {"Retry-After": "7"}), Answer(502)])
    assert api(shop).get("user").json()["username"] == "dev-1"
    assert len(shop.asked("/user")) == 3
    assert shop.time.slept[0] >= 7


def test_a_limit_of_an_hour_is_not_waited_for(shop: OneProject) -> None:
    gitlab = api(shop)
    shop.double.limits = {"throttle_authenticated_api": (7200, 3600)}
    gitlab.get("user")
    shop.double.spend(TOKEN, "throttle_authenticated_api")
    with pytest.raises(RateLimited) as limited:
        gitlab.get("user")
    assert limited.value.reset_at > shop.time.at + timedelta(minutes=50)
    assert shop.time.slept == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthorized), (403, Forbidden), (404, NotFound), (400, UnexpectedReply)],
)
def test_a_refusal_is_told_in_the_words_of_the_house(
    shop: OneProject, status: int, error: type[Exception]
) -> None:
    shop.double.refuse("/user", status)
    with pytest.raises(error):
        api(shop).get("user")
    assert len(shop.asked("/user")) == 1


def test_a_web_page_instead_of_json_is_told(shop: OneProject) -> None:
    page = Answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})
    shop.double.fail("/user", [page])
    with pytest.raises(UnexpectedReply, match="web page"):
        api(shop).get("user").json()


def test_a_server_that_is_gone_is_told_without_the_token(shop: OneProject) -> None:
    gitlab = api(shop)
    shop.server.__exit__(None, None, None)
    with pytest.raises(Unavailable) as gone:
        gitlab.get("user")
    assert TOKEN not in repr(gone.value)


def test_nobody_s_address_and_no_token_of_a_runner_is_kept(shop: OneProject) -> None:
    told = {
        "runners_token": "GR1348941secret",
        "import_url": "https://user:word@old.example.com/x.git",
        "service_desk_address": "desk+1@example.com",
        "owner": {"username": "dev-1", "avatar_url": "https://pictures.example/5d41402abc4b"},
    }
    shop.double.fail("/projects/1$", [Answer.json(told)])
    assert api(shop).get("projects/1").json() == {
        "runners_token": None,
        "import_url": None,
        "service_desk_address": None,
        "owner": {"username": "dev-1", "avatar_url": None},
    }


@pytest.mark.parametrize("status", [300, 305, 306, 399])
def test_what_is_neither_an_answer_nor_a_refusal_is_told(shop: OneProject, status: int) -> None:
    shop.double.fail("/user|/graphql", [Answer(status, b"{}"), Answer(status, b"{}")])
    with pytest.raises(UnexpectedReply, match=str(status)):
        api(shop).get("user")
    with pytest.raises(UnexpectedReply, match=str(status)):
        api(shop).post("graphql", {})
