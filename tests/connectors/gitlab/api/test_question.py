from __future__ import annotations

import pytest

from connectors.gitlab.api.question import (
    Sized,
    TooHeavy,
    after,
    ask,
    nodes,
    part_of,
    project_of,
    text_of,
)
from connectors.http.api import Api
from connectors.http.errors import Forbidden, NotFound, Unavailable, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Batch
from tests.connectors.gitlab.one_project import OneProject
from tests.connectors.loopback import Answer
from tests.doubles.gitlab import story

VARIABLES = {"project": "acme/shop/web"}


def api(shop: OneProject) -> Api:
    return shop.connector().api


def test_every_question_fits_into_what_gitlab_reads() -> None:
    for name in ("changes", "change_rest", "deployment_approvals", "heartbeat", "pipelines"):
        assert 0 < len(text_of(name)) < 10_000


def test_an_answer_about_the_project_is_given_back(shop: OneProject) -> None:
    reply = ask(api(shop), "heartbeat", VARIABLES)
    assert project_of(reply)["fullPath"] == "acme/shop/web"


def test_a_project_that_is_hidden_is_not_found(shop: OneProject) -> None:
    with pytest.raises(NotFound):
        ask(api(shop), "heartbeat", {"project": "acme/secret"})


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Query has complexity of 1421, which exceeds max complexity of 300", TooHeavy),
        ("Request timed out. Please try a less complex query", TooHeavy),
        ("The resource does not exist or you don't have permission to do this", Forbidden),
        ("Internal server error", Unavailable),
        ("Field 'tier' doesn't exist on type 'Environment'", UnexpectedReply),
    ],
)
def test_an_error_inside_an_answer_is_told(
    shop: OneProject, message: str, error: type[Exception]
) -> None:
    shop.double.fail("Heartbeat", [Answer.json({"errors": [{"message": message}]})])
    with pytest.raises(error, match=message[:20]):
        ask(api(shop), "heartbeat", VARIABLES)


def test_what_is_too_heavy_is_asked_for_by_fewer_at_once(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    for _ in range(60):
        story.run(shop.world, shop.project, shop.at())
    connector = shop.connector()
    stream = next(s for s in connector.discover() if s.name.startswith("pipelines:"))
    shop.double.max_complexity = 45
    pages = [item for item in connector.pull(stream, None) if isinstance(item, Batch)]
    firsts = [asked.json["variables"]["first"] for asked in shop.asked(" Pipelines ")]
    assert firsts[:3] == [100, 50, 50]
    assert len(pages) == 2


def test_the_size_is_halved_until_it_fits_and_one_is_the_least() -> None:
    asked: list[int] = []

    def heavy(size: int) -> Reply:
        asked.append(size)
        raise TooHeavy("too complex", "POST graphql", "sync again", 200)

    sized = Sized(10)
    with pytest.raises(TooHeavy):
        sized.ask(heavy)
    assert asked == [10, 5, 2, 1]


def test_items_that_gitlab_could_not_tell_are_left_out() -> None:
    assert nodes({"nodes": [{"iid": "1"}, None]}) == [{"iid": "1"}]
    assert nodes(None) == []


@pytest.mark.parametrize("listed", [{}, {"nodes": None}, {"nodes": {}}, [], "a word", 7])
def test_what_is_no_list_is_not_taken_for_an_empty_one(listed: object) -> None:
    with pytest.raises((LookupError, TypeError)):
        nodes(listed)


@pytest.mark.parametrize(
    ("page", "asked", "goes_on"),
    [
        ({"hasNextPage": False, "endCursor": "b"}, "a", None),
        ({"hasNextPage": True, "endCursor": "b"}, "a", "b"),
    ],
)
def test_a_list_goes_on_where_it_says(
    page: dict[str, object], asked: str | None, goes_on: str | None
) -> None:
    assert after({"pageInfo": page}, asked) == goes_on


@pytest.mark.parametrize(
    "listed",
    [
        {},
        {"pageInfo": None},
        {"pageInfo": {"endCursor": "b"}},
        {"pageInfo": {"hasNextPage": True, "endCursor": None}},
        {"pageInfo": {"hasNextPage": True, "endCursor": "a"}},
        {"pageInfo": {"hasNextPage": True, "endCursor": 7}},
    ],
)
def test_a_list_that_does_not_say_where_it_goes_on_is_not_taken_for_ended(listed: object) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        after(listed, "a")


def test_a_part_that_is_null_is_hidden_or_failed_as_the_answer_says(shop: OneProject) -> None:
    told: dict[str, object] = {"data": {"project": {"issues": None}}}
    shop.double.fail("Heartbeat", [Answer.json(told)])
    with pytest.raises(NotFound, match="issues are not told"):
        part_of(ask(api(shop), "heartbeat", VARIABLES), "issues")
    told["errors"] = [{"message": "oops, ask dev-1@example.com"}]
    shop.double.fail("Heartbeat", [Answer.json(told)])
    with pytest.raises(Unavailable, match=r"oops, ask \[hidden\]"):
        part_of(ask(api(shop), "heartbeat", VARIABLES), "issues")
