"""Questions to the GraphQL API: their pages, and what their answers lack."""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.github.api import question
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, ask, errors_of
from connectors.http.adapter import Usage
from connectors.http.errors import Forbidden, HttpError, Unavailable
from connectors.http.reply import Reply
from data.model import GapReason
from tests.connectors.github.one_stream import asking_with

HERE = {"data": {"repository": {"pullRequests": {"nodes": []}}}}


class Answering:
    """An API that answers what a function says."""

    base_url = "https://git.example.com/"
    usage = Usage()

    def __init__(self, answer: Any) -> None:
        self.sizes: list[int] = []
        self._answer = answer

    def get(self, path: str, params: object = None, validators: object = None) -> Reply:
        raise AssertionError(path)

    def post(self, path: str, json: Mapping[str, Any]) -> Reply:
        self.sizes.append(json["variables"].get("first", 0))
        told = self._answer(self.sizes[-1])
        if isinstance(told, HttpError):
            raise told
        return Reply("POST graphql", path, 200, {}, json_text.dumps(told).encode())


HEAVY = Unavailable("answered 502", "POST graphql", "sync again", 502)


def test_pages_grow_again_but_never_to_what_was_too_heavy() -> None:
    api = Answering(lambda size: HEAVY if size > 20 else HERE)
    paged = PagedQuestion(api, "changes", 50)
    for _ in range(30):
        paged.ask({}, None)
    assert api.sizes[:4] == [50, 25, 12, 13]
    assert max(api.sizes[3:]) == 21
    assert [size for size in api.sizes[3:] if size > 20] == [21]


def test_a_question_of_one_thing_that_is_too_heavy_is_given_up() -> None:
    api = Answering(lambda _: HEAVY)
    with pytest.raises(Unavailable):
        PagedQuestion(api, "changes", 8).ask({}, None)
    assert api.sizes == [8, 4, 2, 1]


def test_a_source_that_is_away_is_not_asked_for_smaller_pages() -> None:
    api = Answering(lambda _: Unavailable("no connection", "POST graphql", "check it"))
    with pytest.raises(Unavailable):
        PagedQuestion(api, "changes", 8).ask({}, None)
    assert api.sizes == [8]


@pytest.mark.parametrize(
    "path", [["repository"], ["repository", "pullRequests"], ["repository", "ref"]]
)
def test_an_error_about_all_that_was_asked_is_no_answer(path: list[str]) -> None:
    told = {**HERE, "errors": [{"type": "FORBIDDEN", "path": path, "message": "not for you"}]}
    with pytest.raises(Forbidden) as refused:
        ask(Answering(lambda _: told), "changes", {}, "Pull requests: read")
    assert refused.value.fix == "give the token the right Pull requests: read"


@pytest.mark.parametrize(
    "error",
    [
        {"path": ["rateLimit"], "message": "no limits here"},
        {"path": ["repository", "pullRequests", "nodes", 0, "files"], "message": "too many"},
        {"message": "deprecated"},
    ],
)
def test_an_error_about_a_part_leaves_the_rest(error: dict[str, Any]) -> None:
    told = {**HERE, "errors": [error]}
    assert ask(Answering(lambda _: told), "changes", {}).json() == told


def test_parts_that_are_missing_are_told_once_each() -> None:
    path = ["repository", "pullRequests", "nodes"]
    checks = [
        {"type": "FORBIDDEN", "path": [*path, n, "checks"], "message": f"no {n}"} for n in range(9)
    ]
    odd = {"type": "ODD", "path": [*path, 3, "files"], "message": "ask x@example.com"}
    told = {
        "data": {"repository": {"pullRequests": {"nodes": [None, {}]}}},
        "errors": [*checks, odd],
    }
    gaps = list(lacking(asking_with(), "acme/web", "changes", "Checks: read", [told, told]))
    assert [(gap.id.partition("gap/")[2], gap.reason) for gap in gaps] == [
        ("changes/pullRequests.nodes/unreadable", GapReason.UNREADABLE),
        ("changes/pullRequests.nodes.checks/no_permission", GapReason.NO_PERMISSION),
        ("changes/pullRequests.nodes.files/unreadable", GapReason.UNREADABLE),
    ]
    assert "Checks: read" in gaps[1].fix
    assert "example.com" not in gaps[2].what


def test_a_whole_answer_lacks_nothing() -> None:
    assert list(lacking(asking_with(), "acme/web", "changes", "", [HERE])) == []


Odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "repository", "errors", "type", "message", "path", "extensions"]
            ),
            inner,
        )
    ),
)


@given(Odd)
def test_no_answer_however_odd_is_more_than_an_error_of_ours(told: object) -> None:
    reply = None
    with suppress(HttpError):
        reply = ask(Answering(lambda _: told), "changes", {})
    if reply is not None:
        assert isinstance(told, dict)
        assert isinstance(told["data"]["repository"], dict)
        assert len(list(lacking(asking_with(), "acme/web", "changes", "", [told]))) >= bool(
            errors_of(told)
        )


def _questions() -> list[str]:
    folder = Path(question.__file__).parent / "questions"
    return sorted(path.stem for path in folder.glob("*.graphql"))


@pytest.mark.parametrize("name", _questions())
def test_no_question_asks_for_anybodys_address(name: str) -> None:
    assert "email" not in question.text_of(name)
