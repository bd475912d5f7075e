"""Several credentials that share the load of one source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.hosting.shared import SharedApi
from connectors.http.adapter import Usage
from connectors.http.budget import RateWindow
from connectors.http.errors import HttpError, NotFound, RateLimited, Unauthorized
from connectors.http.reply import Reply
from connectors.http.session import Http
from connectors.interface import Requests
from tests.connectors.loopback import FakeTime, timing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEAD = Unauthorized("answered 401: Bad credentials", "GET /x", "check the token", 401)


def limited(minutes: int) -> RateLimited:
    return RateLimited("nothing is left", "GET /x", NOW + timedelta(minutes=minutes), 403)


class OneToken:
    """A client that keeps what it was asked, and is refused as told."""

    def __init__(self, name: str, *, left: int | None = None, asked_left: int = 100) -> None:
        self.name = name
        self.base_url = "https://git.example.com/"
        self.http = Http(self.base_url, timing(FakeTime()))
        self.refusal: HttpError | None = None
        self.is_alive = False
        """Whether it is refused for want of a right alone."""
        self.validators: list[Any] = []
        self.paths: list[str] = []
        if left is not None:
            self.http.budget.note("", RateWindow(5000, left, NOW))
            self.http.budget.note("questions", RateWindow(5000, asked_left, NOW))

    @property
    def usage(self) -> Usage:
        return Usage(requests=len(self.validators))

    def get(self, path: str, params: object = None, validators: object = None) -> Reply:
        self.paths.append(path)
        if path != "proof":
            self.validators.append(validators)
        if self.refusal and not (path == "proof" and self.is_alive):
            raise self.refusal
        return Reply(f"GET {path}", path, 200, {"ETag": f"{self.name}'s"}, b"1", self.name)

    def post(self, path: str, json: object) -> Reply:
        return self.get(path)


def shared(*clients: OneToken) -> SharedApi:
    return SharedApi("https://git.example.com", lambda: clients, "questions", "proof")


def test_it_makes_no_client_before_it_is_asked() -> None:
    api = SharedApi("https://git.example.com", lambda: pytest.fail("made one"))
    assert api.requests == Requests(0, 0, None)
    assert api.base_url == "https://git.example.com/"


def test_who_has_most_left_is_asked() -> None:
    one, two = OneToken("one", left=10, asked_left=90), OneToken("two", left=20, asked_left=80)
    api = shared(one, two)
    assert api.get("x").by == "two"
    assert api.post("graphql", {}).by == "one"
    assert api.requests == Requests(2, 2, 10 + 90 + 20 + 80)


def test_those_that_nothing_is_known_of_take_turns() -> None:
    api = shared(OneToken("one"), OneToken("two"), OneToken("three"))
    assert [api.get("x").by for _ in range(6)] == ["one", "two", "three"] * 2


def test_a_page_is_asked_again_with_the_credential_it_was_given_to() -> None:
    one, two = OneToken("one", left=10), OneToken("two", left=20)
    api = shared(one, two)
    given = {"etag": "one's", "by": "one"}
    assert api.get("x", None, given).by == "one"
    assert one.validators == [given]


def test_what_another_credential_was_given_is_not_shown() -> None:
    two = OneToken("two")
    shared(two).get("x", None, {"etag": "one's", "by": "one"})
    assert two.validators == [None]


def test_a_dead_credential_is_dropped_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    one, two = OneToken("one"), OneToken("two")
    one.refusal = DEAD
    api = shared(one, two)
    assert [api.get("x").by for _ in range(3)] == ["two"] * 3
    assert len(one.validators) == 1
    assert caplog.messages == ["one is refused: going on with the other tokens"]


def test_a_credential_that_lacks_a_right_is_not_dropped_and_is_proven_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, two = OneToken("one", left=90), OneToken("two", left=10)
    one.refusal, one.is_alive = DEAD, True
    api = shared(one, two)
    assert [api.get("audit").by for _ in range(3)] == ["two"] * 3
    assert one.paths == ["audit", "proof", "audit", "audit"]
    one.refusal = None
    assert api.get("x").by == "one"
    assert caplog.messages == []


def test_what_all_credentials_lack_the_right_to_is_refused_and_none_is_dropped() -> None:
    one, two = OneToken("one"), OneToken("two")
    for each in (one, two):
        each.refusal, each.is_alive = DEAD, True
    api = shared(one, two)
    with pytest.raises(Unauthorized):
        api.get("audit")
    one.refusal = two.refusal = None
    assert {api.get("x").by for _ in range(2)} == {"one", "two"}
    assert sorted(one.paths + two.paths) == ["audit", "audit", "proof", "proof", "x", "x"]


@pytest.mark.parametrize("answer", [limited(5), NotFound("no such page", "GET /proof", "none")])
def test_a_proof_that_is_not_answered_proves_nothing(answer: HttpError) -> None:
    class Unproven(OneToken):
        def get(self, path: str, params: object = None, validators: object = None) -> Reply:
            if path == "proof":
                raise answer
            return super().get(path, params, validators)

    one, two = Unproven("one"), OneToken("two")
    one.refusal = DEAD
    api = shared(one, two)
    assert api.get("x").by == "two"
    one.refusal = None
    assert api.get("x").by == "one"


def test_the_only_credential_is_put_to_no_proof() -> None:
    one = OneToken("one")
    one.refusal = DEAD
    with pytest.raises(Unauthorized):
        shared(one).get("x")
    assert one.paths == ["x"]


def test_a_page_that_a_dead_credential_was_given_is_asked_anew() -> None:
    one, two = OneToken("one"), OneToken("two")
    one.refusal = DEAD
    assert shared(one, two).get("x", None, {"etag": "one's", "by": "one"}).by == "two"
    assert two.validators == [None]


def test_when_all_are_dead_that_is_the_answer() -> None:
    one, two = OneToken("one"), OneToken("two")
    one.refusal = two.refusal = DEAD
    api = shared(one, two)
    for _ in range(2):
        with pytest.raises(Unauthorized, match="Bad credentials"):
            api.get("x")


def test_a_limited_credential_is_passed_over_until_it_answers_again() -> None:
    one, two = OneToken("one"), OneToken("two")
    api = shared(one, two)
    one.refusal = limited(5)
    assert [api.get("x").by for _ in range(3)] == ["two"] * 3
    assert len(one.validators) == 1
    one.refusal, two.refusal = None, limited(60)
    assert [api.get("x").by for _ in range(2)] == ["one"] * 2


def test_when_all_are_limited_the_first_that_is_free_again_is_told() -> None:
    one, two, three = OneToken("one"), OneToken("two"), OneToken("three")
    one.refusal, two.refusal, three.refusal = limited(50), limited(5), DEAD
    with pytest.raises(RateLimited) as told:
        shared(one, two, three).get("x")
    assert told.value.reset_at == NOW + timedelta(minutes=5)


def test_what_is_refused_for_another_reason_is_asked_of_nobody_else() -> None:
    one, two = OneToken("one"), OneToken("two")
    one.refusal = NotFound("answered 404", "GET /x", "check the name", 404)
    with pytest.raises(NotFound):
        shared(one, two).get("x")
    assert two.validators == []


def test_an_error_repeats_nobodys_address() -> None:
    one = OneToken("one")
    one.refusal = NotFound("ask dev-1@example.com", "GET /x", "write to dev-1@example.com")
    with pytest.raises(NotFound) as told:
        shared(one).get("x")
    assert "example" not in f"{told.value} {told.value.what} {told.value.fix}"
