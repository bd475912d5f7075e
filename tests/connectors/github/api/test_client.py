"""PyGithub asks through the house's session, with none of its own manners."""

from __future__ import annotations

import logging
import time as clock
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from github.Auth import Token
from github.Requester import HTTPSRequestsConnectionClass, Requester

from connectors.github.api.client import GitHubClient
from connectors.github.api.wire import Wire
from connectors.http.errors import (
    Forbidden,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnexpectedReply,
)
from connectors.http.session import Http
from tests.connectors.loopback import OK, Answer, FakeTime, LoopbackServer, Serve, timing

TOKEN = "ghp_0123456789abcdefABCDEF"


@pytest.fixture(autouse=True)
def _nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        pytest.fail(f"slept {seconds} s by the real clock")

    monkeypatch.setattr(clock, "sleep", sleep)


@pytest.fixture
def make(time: FakeTime) -> Iterator[Callable[..., GitHubClient]]:
    with ExitStack() as stack:

        def new(server: LoopbackServer, token: str | None = TOKEN) -> GitHubClient:
            http = Http(f"{server.url}/api/v3", timing(time))
            stack.callback(http.close)
            return GitHubClient("env:T", Token(token) if token else None, http, time.now)

        yield new


Make = Callable[[LoopbackServer], GitHubClient]


def test_a_page_comes_as_it_was_sent_with_who_asked(serve: Serve, make: Make) -> None:
    server = serve(Answer(200, b'[{"a":  1}]', {"ETag": '"x"'}))
    reply = make(server).get("repos/acme/web/pulls", {"per_page": 1, "all": True, "none": None})
    assert reply.body == b'[{"a":  1}]'
    assert reply.validators.items() >= {"etag": '"x"', "by": "env:T"}.items()
    (asked,) = server.asked
    assert asked.path == "/api/v3/repos/acme/web/pulls"
    assert asked.params == {"per_page": "1", "all": "true"}
    assert asked.headers["authorization"] == f"token {TOKEN}"


def test_a_question_goes_to_the_other_api_of_the_same_host(serve: Serve, make: Make) -> None:
    server = serve(Answer.json({"data": {}}))
    make(server).post("graphql", {"query": "{ a }"})
    assert (server.asked[0].method, server.asked[0].path) == ("POST", "/api/graphql")
    assert server.asked[0].json == {"query": "{ a }"}


def test_on_the_public_host_it_has_the_address_that_is_documented() -> None:
    http = Http("https://api.github.com", timing(FakeTime()))
    made = GitHubClient("env:T", Token(TOKEN), http, FakeTime().now)
    assert made.base_url == "https://api.github.com/"
    assert made._requester.graphql_url == "https://api.github.com/graphql"


def test_what_is_unchanged_is_asked_for_and_counted_so(serve: Serve, make: Make) -> None:
    server = serve(Answer(304))
    made = make(server)
    assert made.get("x", None, {"etag": '"x"', "by": "env:T"}).is_unchanged
    assert server.asked[0].headers["if-none-match"] == '"x"'
    assert (made.usage.requests, made.usage.counted) == (1, 0)


# --- manners of PyGithub that must not show -----------------------------------------------------


def test_what_says_the_same_under_another_name_is_unchanged_too(serve: Serve, make: Make) -> None:
    """GitHub names a page otherwise for each token, and an app has another one every hour."""
    more = '<https://api.example.com/x?page=2>; rel="next"'
    client = make(
        serve(
            Answer(200, b"[1]", {"ETag": '"of one token"'}),
            Answer(200, b"[1]", {"ETag": '"of another"'}),
            Answer(200, b"[1]", {"ETag": '"of another"', "Link": more}),
            Answer(200, b"[2]", {"ETag": '"of another"'}),
        )
    )
    known = client.get("orgs/acme/members").validators
    assert client.get("orgs/acme/members", validators=known).is_unchanged
    assert not client.get("orgs/acme/members", validators=known).is_unchanged  # it grew
    assert not client.get("orgs/acme/members", validators=known).is_unchanged
    assert client.usage.counted == 4


def test_an_answer_that_is_still_prepared_is_not_waited_for(serve: Serve, make: Make) -> None:
    server = serve(Answer(202, b"{}"))
    with pytest.raises(Unavailable, match="202"):
        make(server).get("repos/acme/web/stats/contributors")
    assert len(server.asked) == 1


def test_a_moved_address_is_followed_with_its_query_and_token(serve: Serve, make: Make) -> None:
    server = serve()
    moved = "/api/v3/repositories/4711/pulls?per_page=7"
    server._answer = iter_answers(Answer(301, b"{}", {"Location": moved}), OK)
    assert make(server).get("repos/acme/web/pulls", {"per_page": 7}).json() == {"ok": True}
    last = server.asked[-1]
    assert (last.path, last.params) == ("/api/v3/repositories/4711/pulls", {"per_page": "7"})
    assert last.headers["authorization"] == f"token {TOKEN}"


def iter_answers(*answers: Answer) -> Callable[[object], Answer]:
    rest = iter(answers)
    return lambda _: next(rest)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_another_host_never_sees_the_token(serve: Serve, make: Make, status: int) -> None:
    elsewhere = serve(OK)
    server = serve(Answer(status, b"{}", {"Location": f"{elsewhere.url}/api/v3/x"}))
    with pytest.raises(UnexpectedReply, match="another host"):
        make(server).get("x")
    assert elsewhere.asked == []


@pytest.mark.parametrize("url", ["https://evil.example/api/v3/x", "http://127.0.0.1:1/x"])
def test_an_address_on_another_host_is_an_error_of_ours(serve: Serve, make: Make, url: str) -> None:
    server = serve(OK)
    with pytest.raises(UnexpectedReply, match="another host"):
        make(server).get(url)
    assert server.asked == []


def test_headers_that_are_no_numbers_do_no_harm(serve: Serve, make: Make) -> None:
    odd = {"X-RateLimit-Remaining": "many", "X-RateLimit-Limit": "x", "X-RateLimit-Reset": "soon"}
    assert make(serve(Answer(200, b"1", odd))).get("x").body == b"1"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[1, 2"])
def test_a_body_that_is_no_json_is_the_readers_to_judge(
    serve: Serve, make: Make, body: bytes
) -> None:
    reply = make(serve(Answer(200, body))).get("x")
    assert reply.body == body
    with pytest.raises(UnexpectedReply):
        reply.json()


def test_no_body_and_no_token_is_logged(
    serve: Serve, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = make(serve(Answer.json({"by": "dev-1@example.com"}), Answer.json({"data": {}})))
    made.get("x", {"page": 1})
    made.post("graphql", {"query": "{ a }"})
    assert caplog.records
    assert TOKEN not in caplog.text
    assert "dev-1" not in caplog.text


def test_only_what_is_made_inside_the_block_goes_through_the_wire() -> None:
    before = Requester._Requester__httpsConnectionClass  # type: ignore[attr-defined]
    with Wire(Http("https://git.example.com", timing(FakeTime()))).connected():
        inside = Requester._Requester__httpsConnectionClass  # type: ignore[attr-defined]
    after = Requester._Requester__httpsConnectionClass  # type: ignore[attr-defined]
    assert inside is not before
    assert after is HTTPSRequestsConnectionClass


def test_an_address_of_numbers_keeps_its_brackets() -> None:
    http = Http("http://[::1]:9/api/v3", timing(FakeTime()))
    made = GitHubClient("env:T", Token(TOKEN), http, FakeTime().now)
    with pytest.raises(Unavailable, match=r"http://\[::1\]:9/api/v3/x"):
        made.get("x")


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"), [(401, Unauthorized), (403, Forbidden), (404, NotFound)]
)
def test_a_refusal_is_an_error_of_ours(
    serve: Serve, make: Make, status: int, error: type[Exception]
) -> None:
    said = Answer.json({"message": f"no {TOKEN}"}, status)
    with pytest.raises(error) as told:
        make(serve(said)).get("x")
    assert TOKEN not in str(told.value)


def test_a_limit_told_with_a_200_tells_when_it_is_over(
    serve: Serve, make: Make, time: FakeTime
) -> None:
    headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.at.timestamp()) + 7200),
    }
    body = b'{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
    with pytest.raises(RateLimited) as told:
        make(serve(Answer(200, body, headers))).post("graphql", {"query": "{ a }"})
    assert (told.value.reset_at - time.at).total_seconds() == pytest.approx(7200, abs=2)


def test_data_that_speaks_of_limits_is_no_limit(serve: Serve, make: Make) -> None:
    told = {"data": {"title": "rate limit exceeded"}, "errors": [{"message": "rate limit"}]}
    assert make(serve(Answer.json(told))).post("graphql", {"query": "{ a }"}).json() == told


def test_without_a_token_no_question_is_asked(
    serve: Serve, make: Callable[..., GitHubClient]
) -> None:
    server = serve(OK)
    with pytest.raises(Unauthorized, match="there is no token"):
        make(server, None).post("graphql", {"query": "{ a }"})
    assert server.asked == []
