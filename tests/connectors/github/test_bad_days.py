"""Bad days: each is told in one clear line, and stops nothing that it does not concern."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.github.code.changes import Changes
from connectors.interface import SourceUnavailable
from connectors.rebuild import PageRefused
from connectors.sync import SourceResult
from data.model import Change, CheckRun, Deployment, GapReason
from tests.connectors.github.one_stream import small_pages
from tests.connectors.github.organisation import CORE, TOKEN, Organisation
from tests.connectors.house import House
from tests.connectors.loopback import Answer, Asked, LoopbackServer
from tests.doubles.github import story
from tests.doubles.github.answers import (
    cut_short,
    graphql_errors,
    graphql_timeout,
    page_in_html,
    secondary_limit,
)
from tests.doubles.host import Json

KINDS = {
    "repository": r"GET /api/v3/repos/acme/web$",
    "deployments": r"/deployments| Deployments ",
    "changes": r"/pulls| Changes ",
    "history": r"/commits| History ",
}
"""What is asked for each kind of stream."""
SECRETS = (TOKEN, "dev-1@example.com", "ghp_another0123456789abcdef")


@pytest.fixture
def web(acme: Organisation) -> Organisation:
    """An organisation of one repository that has something to tell."""
    acme.have_repositories("acme/web")
    return acme


def lines(acme: Organisation, result: SourceResult) -> list[str]:
    """All that a reader is told, errors and gaps."""
    gaps = [f"{gap.what}; {gap.fix}" for gap in acme.house.gaps()]
    return [*map(str, result.errors), *gaps]


def is_clear(line: str) -> bool:
    """Whether it is one line that says what, where and what to do, and shows no secret."""
    return "\n" not in line and ";" in line and not [s for s in SECRETS if s in line]


def streams(acme: Organisation, *kinds: str) -> list[str]:
    web = acme.world.repository("acme/web")
    return [f"{kind}:{web.id}" for kind in kinds]


def others_are_whole(acme: Organisation, calm: House, refused: Collection[str]) -> bool:
    every = streams(acme, *KINDS)
    now, before = acme.house.by_stream, calm.by_stream
    return all(now[name] == before[name] != {} for name in every if name not in refused)


# --- a stream that is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("deployments", "deployments=read|Deployments: read"),
        ("changes", "pull_requests=read|Pull requests: read"),
        ("history", "contents=read|Contents: read"),
    ],
)
def test_a_token_without_a_right_is_a_gap_that_names_it(
    web: Organisation, kind: str, right: str
) -> None:
    calm = web.synced()
    names = {"metadata", "deployments", "pull_requests", "contents", "checks", "statuses"}
    missing = right.partition("=")[0]
    web.double.tokens[TOKEN].rights = {f"{name}:read" for name in names - {missing}}
    result = web.sync()
    assert result.errors == []
    (stream,) = streams(web, kind)
    (gap,) = web.house.standing(stream)
    assert gap.reason == GapReason.NO_PERMISSION
    assert any(words in gap.fix for words in right.split("|"))
    assert is_clear(f"{gap.what}; {gap.fix}")
    assert others_are_whole(web, calm, [stream])


def test_a_classic_token_without_a_scope_is_told_which(web: Organisation) -> None:
    headers = {"X_OAuth_Scopes": "read:org", "X_Accepted_OAuth_Scopes": "repo, public_repo"}
    web.double.refuse("/deployments", 403, "Must have admin rights", **headers)
    web.sync()
    (gap,) = web.gaps()
    assert gap.fix == "give the token one of the scopes repo, public_repo"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_refused_stream_is_one_gap_and_no_other_stream_suffers(
    web: Organisation, kind: str, status: int
) -> None:
    calm = web.synced()
    web.double.refuse(KINDS[kind], status, "ask dev-1@example.com")
    result = web.sync()
    (stream,) = streams(web, kind)
    assert result.errors == []
    (gap,) = web.house.standing(stream)
    assert gap.reason in {GapReason.NO_PERMISSION, GapReason.NOT_FOUND}
    assert is_clear(f"{gap.what}; {gap.fix}")
    assert others_are_whole(web, calm, [stream])
    web.double.allow()
    web.sync()
    assert web.gaps() == []
    assert web.house.records() == calm.records()


def test_single_sign_on_that_is_not_authorised_is_told_with_what_to_do(web: Organisation) -> None:
    web.double.add_token(TOKEN, "dev-1").sso_pending = {"acme"}
    (error,) = web.sync().errors
    assert "single sign-on" in str(error)
    assert is_clear(str(error))


def test_single_sign_on_that_a_question_is_refused_for_is_told_too(web: Organisation) -> None:
    told = "Resource protected by organization SAML enforcement. You must grant your token access."
    web.double.fail(" Changes ", [graphql_errors(told, "FORBIDDEN")])
    web.sync()
    (gap,) = web.gaps()
    assert (gap.reason, "single sign-on" in gap.fix) == (GapReason.NO_PERMISSION, True)


# --- nothing can be read ----------------------------------------------------------------------


def _wrong(acme: Organisation) -> None:
    acme.double.tokens.clear()


def _expired(acme: Organisation) -> None:
    acme.double.tokens[TOKEN].expires_at = acme.time.at - timedelta(days=1)


def _without_token(acme: Organisation) -> None:
    acme.settings["token"] = None


def _unreadable(acme: Organisation) -> None:
    acme.settings["token"] = "env:CAIRN_TEST_NO_SUCH_TOKEN"


def _gone(acme: Organisation) -> None:
    acme.running.pop_all()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        acme.settings["url"] = f"http://127.0.0.1:{free.getsockname()[1]}/api/v3"


def _unknown_host(acme: Organisation) -> None:
    acme.settings["url"] = "http://cairn.invalid/api/v3"


def _in_html(acme: Organisation) -> None:
    acme.double.fail("/", [page_in_html()] * 9)


def _maintenance(acme: Organisation) -> None:
    acme.double.fail("/", [page_in_html(503)] * 50)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (_wrong, "Bad credentials"),
        (_expired, "Bad credentials"),
        (_without_token, "there is no repository to read"),
        (_unreadable, "there is no token"),
        (_gone, "no connection"),
        (_unknown_host, "no connection"),
        (_in_html, "web page, not JSON"),
        (_maintenance, "answered 503"),
    ],
)
def test_a_source_that_cannot_be_read_at_all_is_one_line_and_loses_nothing(
    web: Organisation, trouble: Callable[[Organisation], None], words: str
) -> None:
    web.sync()
    before = web.house.records()
    trouble(web)
    result = web.sync()
    (error,) = result.errors
    assert words in error.what
    assert is_clear(str(error))
    assert result.pages == 0
    assert web.house.records() == before
    (gap,) = web.house.standing("")
    assert gap.reason == GapReason.UNAVAILABLE


def test_a_proxy_that_fails_is_told(web: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        proxy = f"http://user:{TOKEN}@127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    (error,) = web.sync().errors
    assert "proxy" in str(error)
    assert is_clear(str(error))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_told(web: Organisation, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subprocess.run([*made, *subject, *files], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with LoopbackServer(web.double, tls) as server:
        web.settings["url"] = f"{server.url}/api/v3"
        (error,) = web.sync().errors
    assert "certificate" in str(error)
    assert is_clear(str(error))


def test_without_a_token_what_is_open_to_all_is_read_and_the_rest_is_a_gap(
    web: Organisation,
) -> None:
    """GitHub answers some addresses to anybody, and no question of the other API."""
    web.world.repository("acme/web").is_private = False
    web.settings["token"] = None
    assert web.sync().errors == []
    assert {gap.fix for gap in web.gaps()} == {'name one: token = "env:GITHUB_TOKEN"'}
    assert len(web.gaps()) == len(CORE) - 1
    assert not web.double.asked.like("POST")


def test_who_sees_nothing_for_want_of_a_token_is_told_so(web: Organisation) -> None:
    web.settings["token"] = None
    (error,) = web.sync().errors
    assert error.fix.startswith('name a token, as token = "env:GITHUB_TOKEN"')


# --- answers that are none --------------------------------------------------------------------


def _null(_answer: Json) -> Json:
    return None


def _null_nodes(answer: Json) -> Json:
    return _changed(answer, lambda listed: listed.update(nodes=None))


def _no_page_info(answer: Json) -> Json:
    return _changed(answer, lambda listed: listed.pop("pageInfo"))


def _list(answer: Json) -> Json:
    return [answer]


def _changed(answer: Json, change: Callable[[Json], object]) -> Json:
    repository = answer["data"]["repository"]
    for name in ("pullRequests", "deployments", "ref"):
        if name in repository:
            found = repository[name]["target"]["history"] if name == "ref" else repository[name]
            change(found)
    return answer


@pytest.mark.parametrize("kind", ["deployments", "changes", "history"])
@pytest.mark.parametrize("damage", [_null, _null_nodes, _no_page_info, _list])
def test_an_answer_of_another_shape_is_one_line_and_no_other_stream_suffers(
    web: Organisation, kind: str, damage: Callable[[Json], Json]
) -> None:
    calm = web.synced()
    web.double.damage(f" {kind.title()} ", damage)
    result = web.sync()
    (stream,) = streams(web, kind)
    (error,) = result.errors
    assert isinstance(error, SourceUnavailable)
    assert is_clear(str(error))
    (gap,) = web.house.standing(stream)
    assert gap.reason == GapReason.UNAVAILABLE
    assert others_are_whole(web, calm, [stream])
    web.double.allow()
    assert web.sync().errors == []
    assert web.house.records() == calm.records()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoil", [cut_short, lambda _: page_in_html()])
def test_a_page_cut_short_or_in_html_is_one_line_and_no_other_stream_suffers(
    web: Organisation, kind: str, spoil: Callable[[Answer], Answer]
) -> None:
    calm = web.synced()
    pattern = KINDS[kind].replace("/commits|", "").replace("/pulls|", "")
    web.double.spoil(pattern.replace("/deployments|", ""), spoil)
    result = web.sync()
    (stream,) = streams(web, kind)
    assert not [error for error in result.errors if isinstance(error, PageRefused)]
    assert all(map(is_clear, lines(web, result)))
    assert web.house.standing(stream)
    assert others_are_whole(web, calm, [stream])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "repository", "pullRequests", "nodes", 0, "commits"), None),
        (("data", "repository", "pullRequests", "nodes", 0, "reviews", "nodes", 0), {}),
        (("data", "repository", "pullRequests", "nodes", 0, "timelineItems"), None),
        (("data", "repository", "pullRequests", "nodes", 0, "number"), None),
        (("data", "repository", "pullRequests", "nodes", 0, "updatedAt"), "yesterday"),
        (("data", "repository", "pullRequests", "nodes", 0), "a word"),
    ],
)
def test_a_strange_thing_in_a_page_costs_itself_alone(
    web: Organisation, path: tuple[str | int, ...], value: Json
) -> None:
    def damaged(answer: Json) -> Json:
        found = answer
        for name in path[:-1]:
            found = found[name]
        found[path[-1]] = value
        return answer

    web.double.damage(" Changes ", damaged)
    result = web.sync()
    assert not [error for error in result.errors if isinstance(error, PageRefused)]
    if not result.errors:
        assert len([c for c in web.rows(Change) if c.number]) >= 2
    assert all(map(is_clear, lines(web, result)))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (graphql_errors("Could not resolve to a Repository", "NOT_FOUND"), GapReason.NOT_FOUND),
        (graphql_errors("not for you", "FORBIDDEN"), GapReason.NO_PERMISSION),
        (graphql_errors("needs read:org", "INSUFFICIENT_SCOPES"), GapReason.NO_PERMISSION),
        (graphql_timeout(), GapReason.UNAVAILABLE),
        (Answer.json({}), GapReason.UNAVAILABLE),
        (Answer.json({"data": {"repository": None}}), GapReason.UNAVAILABLE),
        (Answer.json({"errors": "all"}), GapReason.UNAVAILABLE),
        (Answer.json({"errors": [{"extensions": []}, 7]}), GapReason.UNAVAILABLE),
    ],
)
def test_an_error_inside_a_200_is_told_like_any_other(
    web: Organisation, answer: Answer, reason: GapReason
) -> None:
    calm = web.synced()
    web.double.fail(" Changes ", [answer] * 20)
    result = web.sync()
    (stream,) = streams(web, "changes")
    assert {gap.reason for gap in web.house.standing(stream)} == {reason}
    assert all(map(is_clear, lines(web, result)))
    assert others_are_whole(web, calm, [stream])


def test_a_cursor_that_github_knows_no_more_begins_the_list_anew(web: Organisation) -> None:
    with small_pages(Changes, 1):
        told = "`abc` does not appear to be a valid cursor."
        web.double.fail('Changes .*"after": "', [graphql_errors(told, "INVALID_CURSOR_ARGUMENTS")])
        assert web.sync().errors == []
    assert web.house.records() == web.synced().records()


# --- heavy questions ----------------------------------------------------------------------------


def _sizes(acme: Organisation) -> list[int]:
    return [asked.json["variables"]["first"] for asked in acme.double.asked.like(" Changes ")]


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(502),
        Answer(504),
        graphql_timeout(),
        graphql_errors("Resource limits exceeded", "RESOURCE_LIMITS_EXCEEDED"),
    ],
)
def test_a_question_that_is_too_heavy_is_asked_in_smaller_pages(
    web: Organisation, refusal: Answer
) -> None:
    calm = web.synced()
    answer = web.double.__call__

    def heavy(asked: Asked) -> Any:
        is_heavy = b"query Changes" in asked.body and asked.json["variables"]["first"] > 7
        said = answer(asked)
        return refusal if is_heavy else said

    with LoopbackServer(heavy) as server:
        web.settings["url"] = f"{server.url}/api/v3"
        web.settings["web_url"] = web.server.url
        assert web.sync().errors == []
    sizes = list(dict.fromkeys(_sizes(web)))
    assert sizes[:4] == [50, 25, 12, 6]
    assert len(web.rows(Change)) == len(web.rows(Change, calm))
    assert web.gaps() == []


def test_parts_that_were_too_much_at_once_are_asked_for_again(web: Organisation) -> None:
    repository = web.world.repository("acme/web")
    pull = next(iter(repository.pulls.values()))
    story.check(web.world, repository, pull.head_sha, "build", "success", web.next())

    def partly(answer: Json) -> Json:
        nodes = answer["data"]["repository"]["pullRequests"]["nodes"]
        if len(nodes) > 2:
            for number, node in enumerate(nodes):
                node["lastCommit"]["nodes"][0]["commit"]["statusCheckRollup"] = None
                path = ["repository", "pullRequests", "nodes", number, "lastCommit"]
                error = {"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": "too much"}
                answer.setdefault("errors", []).append(error)
        return answer

    web.double.damage(" Changes ", partly)
    assert web.sync().errors == []
    assert len(web.rows(CheckRun)) == 1
    assert web.gaps() == []


# --- limits -------------------------------------------------------------------------------------


def test_a_secondary_limit_is_waited_out_and_nothing_is_lost(web: Organisation) -> None:
    calm = web.synced()
    web.double.fail(" Changes ", [secondary_limit(60), secondary_limit(None, 429)])
    assert web.sync().errors == []
    assert sum(web.time.slept) >= 120
    assert web.house.records() == calm.records()


@pytest.mark.parametrize("kind", ["RATE_LIMITED", "RATE_LIMIT"])
def test_points_that_are_used_up_leave_the_old_part_for_later(web: Organisation, kind: str) -> None:
    with small_pages(Changes, 1):
        calm = web.synced()
        web.double.graphql_limit_type = kind
        passed = iter(range(100))

        def after_the_first(asked: Asked) -> bool:
            if b"query Changes" in asked.body and next(passed) == 1:
                web.double.spend(TOKEN, "graphql")
            return False

        web.double.refuse(after_the_first, 500)
        result = web.sync()
        told = lines(web, result)
        assert told
        assert all(map(is_clear, told))
        (stream,) = streams(web, "changes")
        (gap,) = web.house.standing(stream)
        assert gap.reason == GapReason.TRUNCATED
        assert "it goes on where it stopped" in gap.fix
        web.double.allow()
        web.time.at += timedelta(hours=1, minutes=1)
        assert web.sync().errors == []
        assert web.gaps() == []
        assert web.house.records() == calm.records()


def test_a_limit_told_in_a_200_without_a_type_is_one_too(web: Organisation) -> None:
    told = {"message": "You have exceeded a secondary rate limit.", "documentation_url": "x"}
    web.double.fail(" Changes ", [Answer.json(told)] * 9)
    result = web.sync()
    assert len(web.double.asked.like(" Changes ")) == 1
    (error,) = result.errors
    assert "sync again after" in error.fix


def test_a_used_up_limit_stops_asking_at_its_reserve(web: Organisation) -> None:
    web.double.spend(TOKEN, "core", 400)
    result = web.sync()
    assert all("used up" in error.what for error in result.errors)
    assert result.errors
    assert len(web.double.asked.like("GET")) == 1
    web.time.at += timedelta(hours=1, minutes=1)
    assert web.sync().errors == []


@pytest.mark.parametrize("limit", ["0", None])
def test_a_server_without_limits_is_read_without_waiting(
    web: Organisation, limit: str | None
) -> None:
    names = ("Limit", "Remaining", "Reset")
    web.double.rewritten_headers = {f"X-RateLimit-{name}": limit for name in names}
    assert web.sync().errors == []
    assert web.time.slept == []
    assert web.gaps() == []


def test_a_refusal_of_a_server_without_limits_is_no_limit(web: Organisation) -> None:
    names = ("Limit", "Remaining", "Reset")
    web.double.rewritten_headers = {f"X-RateLimit-{name}": "0" for name in names}
    web.double.refuse("/deployments", 403)
    assert web.sync().errors == []
    assert web.time.slept == []


def test_headers_that_are_no_numbers_do_no_harm(web: Organisation) -> None:
    web.double.rewritten_headers = {
        "X-RateLimit-Limit": "plenty",
        "X-RateLimit-Remaining": "many",
        "X-RateLimit-Reset": "soon",
        "Date": "today",
    }
    assert web.sync().errors == []


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_an_hour_off_changes_nothing(web: Organisation, hours: int) -> None:
    calm = web.synced()
    skew = timedelta(hours=hours)
    web.double.fail("/deployments", [secondary_limit(30)])
    assert web.sync(clock_skew=skew).errors == []
    assert sum(web.time.slept) < 60
    assert web.house.records() == calm.records()
    assert web.sync(clock_skew=skew).pages == 0


# --- several ways in ----------------------------------------------------------------------------

SECOND = "ghp_another0123456789abcdef"


@pytest.fixture
def two(web: Organisation) -> Organisation:
    """The same with two tokens."""
    web.double.add_token(SECOND, "reviewer-2")
    (web.folder / "second.txt").write_text(SECOND)
    web.settings["token"] = ["file:token.txt", "file:second.txt"]
    return web


def _asked_by(acme: Organisation, token: str) -> int:
    return len(acme.double.asked.like(lambda asked: token in asked.headers["authorization"]))


def test_two_tokens_share_the_load_and_an_idle_sync_is_still_free(two: Organisation) -> None:
    calm = two.synced()
    assert _asked_by(two, TOKEN) > 1
    assert _asked_by(two, SECOND) > 1
    assert two.sync(calm).pages == 0
    assert len(two.double.counted) == 1


def test_a_token_that_dies_leaves_the_work_to_the_other(
    two: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    two.sync()
    two.double.tokens[TOKEN].is_revoked = True
    two.land(two.world.repository("acme/web"), "Later")
    assert two.sync().errors == []
    assert len([c for c in two.rows(Change) if c.number]) == 4
    assert "file:token.txt is refused" in caplog.text
    assert TOKEN not in caplog.text
    two.sync()
    assert two.sync().pages == 0
    assert len(two.double.counted.like("GET")) <= 2


def test_when_all_tokens_die_that_is_told(two: Organisation) -> None:
    two.double.tokens.clear()
    (error,) = two.sync().errors
    assert "Bad credentials" in error.what


def test_a_token_that_is_limited_leaves_the_work_to_the_other(two: Organisation) -> None:
    calm = two.synced()
    for allowance in ("core", "graphql"):
        two.double.spend(TOKEN, allowance)
    assert two.sync().errors == []
    assert two.gaps() == []
    assert two.house.records() == calm.records()


# --- what nobody may see --------------------------------------------------------------------------


def test_no_address_and_no_secret_is_in_archive_log_error_or_gap(
    web: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    repository = web.world.repository("acme/web")
    words = "Help\n\nCo-authored-by: Dev <dev-1@example.com>\nghp_another0123456789abcdef"
    story.push(web.world, repository, web.dev, web.next(), words)
    pull = web.open(repository, "Ask dev-1@example.com", body=words, co_authors=(web.reviewer,))
    story.push_to(web.world, pull, web.dev, web.next(), words)
    story.rebase_merge(web.world, pull, web.reviewer, web.next())
    web.deploy(repository, "success", description="by dev-1@example.com", payload={"by": words})
    shown: list[object] = [web.sync().errors, web.house.everything()]
    web.double.refuse("/deployments", 403, "ask dev-1@example.com")
    web.double.fail(" Changes ", [graphql_errors("ask dev-1@example.com", "FORBIDDEN")])
    story.comment(web.world, pull, web.reviewer, web.next())
    shown += [web.sync().errors, web.house.everything(), caplog.text, web.progress]
    assert len(web.gaps()) == 2
    told = "\n".join(map(str, shown))
    assert [secret for secret in SECRETS if secret in told] == []
    assert "example.com" not in told.replace("users.noreply", "")
    assert len(web.rows(Deployment)) == 2


def test_a_message_is_read_all_the_same(web: Organisation) -> None:
    """A rebase is known by the message of its last commit, also without the address in it."""
    repository = web.world.repository("acme/web")
    pull = web.open(repository, "Change")
    story.push_to(web.world, pull, web.dev, web.next(), "Do\n\nCo-authored-by: <x@example.com>")
    story.rebase_merge(web.world, pull, web.reviewer, web.next())
    web.sync()
    assert "rebase" in {c.kind for c in web.rows(Change)}
