"""Bad days: each is told in one clear line, and stops nothing that it does not concern."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from connectors.interface import SourceUnavailable
from connectors.rebuild import PageRefused
from connectors.sync import SourceResult
from data.model import Change, Deployment, GapReason, PipelineRun
from tests.connectors.gitlab.one_project import TOKEN, OneProject
from tests.connectors.house import House
from tests.connectors.loopback import Answer, Broken, Garbage, LoopbackServer, Reset, Said
from tests.doubles.damage import nulled
from tests.doubles.gitlab import story
from tests.doubles.gitlab.answers import (
    cut_short,
    graphql_errors,
    graphql_forbidden,
    graphql_timeout,
    page_in_html,
    retry_later,
)
from tests.doubles.gitlab.double import INSUFFICIENT_SCOPE, THROTTLE
from tests.doubles.host import Json

KINDS = {
    "repository": r"GET /api/v4/projects/\d+$",
    "deployments": r"/deployments",
    "environments": r"/environments",
    "changes": r"/merge_requests| Changes ",
    "history": r"/repository/commits",
    "pipelines": r" Pipelines .*\"source\": null",
    "incidents": r"/issues",
}
"""What is asked for each kind of stream."""
ONE_ANSWER = {
    **KINDS,
    "changes": " Changes ",
    "history": r"/repository/commits$|/repository/commits\?",
}
"""One kind of answer of each."""
PASTED = "glpat-another0123456789abcd"
SECRETS = (TOKEN, PASTED, "dev-1@example.com", "dev-1%40example.com")
SAML = "SAML session required: sign in at your identity provider, then ask dev-1@example.com"


@pytest.fixture
def web(shop: OneProject) -> OneProject:
    """A project of which each kind of stream has something to tell."""
    story.push(shop.world, shop.project, shop.dev, shop.at())
    for number in range(3):
        change = story.open_merge_request(
            shop.world, shop.project, shop.dev, shop.at(), f"Change {number}"
        )
        story.approve(shop.world, change, shop.reviewer, shop.at())
        story.merge(shop.world, change, shop.reviewer, shop.at())
    run = story.run(shop.world, shop.project, shop.at())
    story.deploy(shop.world, shop.project, "production", shop.at(), shop.bot, pipeline=run)
    story.open_incident(shop.world, shop.project, shop.dev, shop.at())
    return shop


def calm_house(shop: OneProject) -> House:
    """A new house after a reading on a good day."""
    house = shop.new_house()
    shop.sync(house=house)
    return house


def lines(shop: OneProject, result: SourceResult) -> list[str]:
    """All that a reader is told, errors and gaps."""
    gaps = [f"{gap.what}; {gap.fix}" for gap in shop.house.gaps()]
    return [*map(str, result.errors), *gaps]


def is_clear(line: str) -> bool:
    """Whether it is one line that says what, where and what to do, and shows no secret."""
    is_one = line.isprintable() and ";" in line and len(line) < 900
    return is_one and not [secret for secret in SECRETS if secret in line]


def stream_of(shop: OneProject, kind: str) -> str:
    return f"{kind}:{shop.project.id}"


def others_are_whole(shop: OneProject, calm: House, refused: Collection[str]) -> bool:
    every = [stream_of(shop, kind) for kind in KINDS]
    now, before = shop.house.by_stream, calm.by_stream
    return all(now[name] == before[name] != {} for name in every if name not in refused)


def heals(shop: OneProject, calm: House) -> bool:
    """Whether the next sync after the trouble has all that a good day has, and no gap."""
    shop.double.allow()
    shop.sync()
    return shop.house.gaps() == [] and shop.house.records() == calm.records()


# --- a stream that is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"), list(zip(KINDS, cycle([401, 403, 404, 410, 451]), strict=False))
)
def test_a_refused_stream_is_one_gap_and_no_other_stream_suffers(
    web: OneProject, kind: str, status: int
) -> None:
    calm = calm_house(web)
    web.double.refuse(KINDS[kind], status, "ask dev-1@example.com")
    result = web.try_sync()
    stream = stream_of(web, kind)
    assert result.errors == []
    (gap,) = web.house.gaps()
    assert [gap] == web.house.standing(stream)
    assert gap.reason in {GapReason.NO_PERMISSION, GapReason.NOT_FOUND}
    assert is_clear(f"{gap.what}; {gap.fix}")
    assert others_are_whole(web, calm, [stream])
    assert heals(web, calm)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("changes", Answer.json(INSUFFICIENT_SCOPE, 403)),
        ("deployments", Answer.json({"message": SAML}, 403)),
    ],
    ids=["scope", "saml"],
)
def test_a_scope_or_a_session_that_is_missing_is_one_gap_that_says_so(
    web: OneProject, kind: str, answer: Answer
) -> None:
    calm = calm_house(web)
    web.double.spoil(KINDS[kind], lambda _: answer)
    assert web.try_sync().errors == []
    (gap,) = web.house.gaps()
    assert gap.reason == GapReason.NO_PERMISSION
    assert "insufficient_scope" in gap.what or "SAML" in gap.what
    assert is_clear(f"{gap.what}; {gap.fix}")
    assert others_are_whole(web, calm, [stream_of(web, kind)])
    assert heals(web, calm)


@pytest.mark.parametrize(
    "answer", [Answer.json({"message": "403 Forbidden"}, 403), page_in_html(403), page_in_html()]
)
def test_without_the_api_of_questions_all_that_needs_none_is_read(
    web: OneProject, answer: Answer
) -> None:
    calm = calm_house(web)
    web.double.spoil("/api/graphql", lambda _: answer)
    result = web.try_sync()
    asking = [stream_of(web, kind) for kind in ("changes", "pipelines", "child_pipelines")]
    assert all(len(web.house.standing(stream)) == 1 for stream in asking)
    assert len(lines(web, result)) == len(web.house.gaps()) + len(result.errors)
    assert len(web.house.gaps()) == len(asking)
    assert all(map(is_clear, lines(web, result)))
    assert others_are_whole(web, calm, asking)
    assert heals(web, calm)


# --- nothing can be read ----------------------------------------------------------------------


def _wrong(shop: OneProject) -> None:
    shop.double.tokens.clear()


def _expired(shop: OneProject) -> None:
    shop.double.tokens[TOKEN].expires_at = shop.time.at - timedelta(days=1)


def _revoked(shop: OneProject) -> None:
    shop.double.tokens[TOKEN].is_revoked = True


def _without_scope(shop: OneProject) -> None:
    shop.double.tokens[TOKEN].rights = {"read_repository"}


def _without_session(shop: OneProject) -> None:
    shop.double.refuse("/", 403, SAML)


def _without_token(shop: OneProject) -> None:
    shop.settings["token"] = None


def _unreadable(shop: OneProject) -> None:
    shop.settings["token"] = "env:CAIRN_TEST_NO_SUCH_TOKEN"


def _gone(shop: OneProject) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        shop.settings["url"] = f"http://127.0.0.1:{free.getsockname()[1]}"


def _unknown_host(shop: OneProject) -> None:
    shop.settings["url"] = "http://cairn.invalid"


def _always(answer: Said) -> Callable[[OneProject], None]:
    def trouble(shop: OneProject) -> None:
        shop.double.spoil("/", lambda _: answer)

    return trouble


def _cut(shop: OneProject) -> None:
    shop.double.spoil("/", cut_short)


def _to_sign_in(shop: OneProject) -> None:
    to = Answer(302, b"", {"Location": f"{shop.server.url}/users/sign_in"})
    shop.double.spoil("/api/", lambda _: to)
    shop.double.fail("/users/sign_in", [page_in_html()] * 9)


NOTHING = [
    (_wrong, "401 Unauthorized"),
    (_expired, "invalid_token"),
    (_revoked, "invalid_token"),
    (_without_scope, "insufficient_scope"),
    (_without_session, "SAML session required"),
    (_without_token, "401 Unauthorized"),
    (_unreadable, "there is no token"),
    (_gone, "no connection"),
    (_unknown_host, "no connection"),
    (_always(page_in_html()), "web page, not JSON"),
    (_always(page_in_html(503)), "answered 503"),
    (_always(Answer(500)), "answered 500"),
    (_always(Answer(300, b"[]")), "answered 300"),
    (_always(Answer.json(None)), "not the list it should be"),
    (_always(Answer.json({"message": "well"})), "not the list it should be"),
    (_cut, "is not JSON or breaks off"),
    (_to_sign_in, "web page, not JSON"),
    (_always(Answer(302, b"", {"Location": "https://sso.example.com/in"})), "another host"),
    (_always(Reset()), "no connection"),
    (_always(Broken()), "broke off"),
    (_always(Garbage()), "no connection"),
    (_always(retry_later(3000)), "answered 429"),
]


@pytest.mark.parametrize(
    ("trouble", "words"), NOTHING, ids=[f"{n}-{words}" for n, (_, words) in enumerate(NOTHING)]
)
def test_a_source_that_cannot_be_read_at_all_is_one_line_and_loses_nothing(
    web: OneProject, trouble: Callable[[OneProject], None], words: str
) -> None:
    web.sync()
    before = web.house.records()
    trouble(web)
    result = web.try_sync()
    (error,) = result.errors
    assert words in error.what
    assert is_clear(str(error))
    assert result.pages == 0
    assert web.house.records() == before
    (gap,) = web.house.gaps()
    assert [gap] == web.house.standing("")
    assert gap.reason == GapReason.UNAVAILABLE
    assert is_clear(f"{gap.what}; {gap.fix}")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (_expired, "expired or revoked"),
        (_revoked, "expired or revoked"),
        (_without_scope, "scope `read_api`"),
        (_without_session, "single sign-on"),
    ],
)
def test_what_is_wrong_with_a_token_is_told_with_what_helps(
    web: OneProject, trouble: Callable[[OneProject], None], words: str
) -> None:
    trouble(web)
    (error,) = web.try_sync().errors
    assert words in error.fix


def test_a_token_that_dies_while_it_is_used_is_one_gap_a_stream(web: OneProject) -> None:
    calm = calm_house(web)

    def dying(answer: Json) -> Json:
        web.double.tokens[TOKEN].is_revoked = True
        return answer

    web.double.damage("/deployments", dying)
    result = web.try_sync()
    assert result.errors == []
    gaps = web.house.gaps()
    assert len({gap.id for gap in gaps}) == len(gaps) > 2
    assert {gap.reason for gap in gaps} == {GapReason.NO_PERMISSION}
    assert all(map(is_clear, lines(web, result)))
    web.double.tokens[TOKEN].is_revoked = False
    assert heals(web, calm)


def test_a_proxy_that_fails_is_told(web: OneProject, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        proxy = f"http://user:{TOKEN}@127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    (error,) = web.try_sync().errors
    assert "proxy" in str(error)
    assert is_clear(str(error))


def test_a_proxy_that_works_is_gone_through(
    web: OneProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The double is the proxy of a host that only it can reach."""
    web.settings |= {"url": "http://git.cairn.invalid", "web_url": "https://git.example.com"}
    monkeypatch.setenv("http_proxy", web.server.url)
    monkeypatch.setenv("NO_PROXY", "")
    web.sync()
    assert {asked.headers["host"] for asked in web.double.asked} == {"git.cairn.invalid"}
    assert len(web.rows_of(Change)) == 3


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_told(web: OneProject, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subprocess.run([*made, *subject, *files], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with LoopbackServer(web.double, tls) as server:
        web.settings["url"] = server.url
        (error,) = web.try_sync().errors
    assert "certificate" in str(error)
    assert is_clear(str(error))


# --- answers that are none --------------------------------------------------------------------


NONE: Sequence[Said] = [
    page_in_html(),
    page_in_html(502),
    Answer(500),
    Answer(300, b"{}"),
    Answer.json(None),
    Answer.json([None, [7]]),
    Answer.json({"x": {}}),
    Answer.json("a word"),
    Answer(200, b""),
    Answer(200, b"[" * 100_000),
    Reset(),
    Broken(),
    retry_later(3000),
    Answer(301, b"", {"Location": "https://sso.example.com/users/sign_in"}),
]


@pytest.mark.parametrize(
    ("kind", "said"),
    [*zip(cycle(KINDS), NONE, strict=False), *zip(cycle([*KINDS][3:]), NONE, strict=False)],
)
def test_an_answer_that_is_none_is_one_line_and_no_other_stream_suffers(
    web: OneProject, kind: str, said: Said
) -> None:
    calm = calm_house(web)
    web.double.spoil(ONE_ANSWER[kind], lambda _: said)
    result = web.try_sync()
    stream = stream_of(web, kind)
    assert len(result.errors) <= 1
    assert not [error for error in result.errors if isinstance(error, PageRefused)]
    assert all(isinstance(error, SourceUnavailable) for error in result.errors)
    assert all(map(is_clear, lines(web, result)))
    assert len(web.house.gaps()) == 1
    assert others_are_whole(web, calm, [stream])
    assert heals(web, calm)


@pytest.mark.parametrize("kind", ["repository", "environments", "changes", "incidents"])
def test_an_answer_cut_short_is_one_line_and_no_other_stream_suffers(
    web: OneProject, kind: str
) -> None:
    calm = calm_house(web)
    web.double.spoil(ONE_ANSWER[kind], cut_short)
    (error,) = web.try_sync().errors
    assert "breaks off" in error.what
    assert others_are_whole(web, calm, [stream_of(web, kind)])
    assert heals(web, calm)


PARTS = [
    (" Changes ", "mergeRequests", "changes"),
    (" Changes ", "nodes", "changes"),
    (" Changes ", "pageInfo", "changes"),
    (' Pipelines .*"source": null', "pipelines", "pipelines"),
    (' Pipelines .*"source": null', "nodes", "pipelines"),
    (' Pipelines .*"source": null', "pageInfo", "pipelines"),
]


@pytest.mark.parametrize(("match", "name", "kind"), PARTS)
def test_a_part_of_an_answer_that_is_null_is_told_and_heals(
    web: OneProject, match: str, name: str, kind: str
) -> None:
    calm = calm_house(web)
    web.double.damage(match, nulled(name))
    result = web.try_sync()
    assert len(web.house.gaps()) >= 1
    assert all(map(is_clear, lines(web, result)))
    assert others_are_whole(web, calm, [stream_of(web, kind)])
    assert heals(web, calm)


def test_a_pipeline_that_is_null_is_a_gap_and_costs_itself_alone(web: OneProject) -> None:
    calm = calm_house(web)
    count = len(web.rows_of(PipelineRun))

    def partly(answer: Json) -> Json:
        answer["data"]["project"]["pipelines"]["nodes"].append(None)
        return answer

    web.double.damage(' Pipelines .*"source": null', partly)
    web.sync()
    (gap,) = web.house.gaps()
    assert gap.reason == GapReason.UNREADABLE
    assert is_clear(f"{gap.what}; {gap.fix}")
    assert len(web.rows_of(PipelineRun)) > count
    assert others_are_whole(web, calm, [stream_of(web, "pipelines")])


@pytest.mark.parametrize("null", ["mergeRequests", "issues", "updatedAt", "nodes"])
def test_a_heartbeat_that_tells_nothing_hides_no_change(web: OneProject, null: str) -> None:
    web.double.damage("Heartbeat", nulled(null))
    web.sync()
    change = story.open_merge_request(web.world, web.project, web.dev, web.at())
    story.merge(web.world, change, web.reviewer, web.at())
    story.open_incident(web.world, web.project, web.dev, web.at())
    web.sync()
    assert len(web.rows_of(Change)) == 4
    assert web.reads_anew_alike()


def test_a_list_that_goes_on_where_it_began_is_told_and_ends(web: OneProject) -> None:
    calm = calm_house(web)
    first: dict[str, Json] = {}

    def stuck(answer: Json) -> Json:
        page = answer["data"]["project"]["pipelines"]["pageInfo"]
        page.update(first or {"hasNextPage": True, "endCursor": page["endCursor"]})
        first.update(page)
        return answer

    web.double.damage(' Pipelines .*"source": null', stuck)
    (error,) = web.try_sync().errors
    assert "goes on where it began" in error.what
    assert heals(web, calm)


@pytest.mark.parametrize("kind", ["deployments", "changes", "incidents"])
def test_a_list_whose_pages_are_all_the_same_is_told_and_ends(web: OneProject, kind: str) -> None:
    calm = calm_house(web)
    path = f"{web.server.url}/api/v4/projects/{web.project.id}/{kind}"
    link = {"Link": f'<{path}?page=2>; rel="next"'}
    match = {"changes": "/merge_requests", "incidents": "/issues"}.get(kind, f"/{kind}")

    def endless(answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, {**answer.headers, **link})

    web.double.ignored_filters |= {"page", "updated_before"}
    web.double.spoil(match + r"\?", endless)
    result = web.try_sync()
    assert any("already read" in error.what for error in result.errors)
    assert len(web.double.asked) < 60
    assert all(map(is_clear, lines(web, result)))
    assert heals(web, calm)


# --- an error inside a 200 ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "reason"),
    [
        ("changes", graphql_forbidden(), GapReason.NO_PERMISSION),
        (
            "pipelines",
            graphql_errors("ask dev-1@example.com: insufficient_scope"),
            GapReason.NO_PERMISSION,
        ),
        ("changes", graphql_timeout(), GapReason.UNAVAILABLE),
        (
            "pipelines",
            graphql_errors("Query has complexity of 1421, which exceeds max complexity of 250"),
            GapReason.UNAVAILABLE,
        ),
        (
            "changes",
            graphql_errors(f"Internal server error {TOKEN}\nat dev-1@x"),
            GapReason.UNAVAILABLE,
        ),
        (
            "pipelines",
            graphql_errors("Field 'x' doesn't exist on type 'Project'"),
            GapReason.UNAVAILABLE,
        ),
        ("changes", graphql_errors("oops", {"project": None}), GapReason.UNAVAILABLE),
        ("pipelines", Answer.json({}), GapReason.UNAVAILABLE),
        ("changes", Answer.json({"data": {"project": None}}), GapReason.NOT_FOUND),
        ("pipelines", Answer.json({"data": {"project": []}}), GapReason.NOT_FOUND),
        ("changes", Answer.json({"errors": "all"}), GapReason.UNAVAILABLE),
        ("pipelines", Answer.json({"errors": [7, {"message": {"a": []}}]}), GapReason.UNAVAILABLE),
        ("changes", Answer.json({"errors": [{"message": "x" * 100_000}]}), GapReason.UNAVAILABLE),
    ],
)
def test_an_error_inside_a_200_is_told_like_any_other(
    web: OneProject, kind: str, answer: Answer, reason: GapReason
) -> None:
    calm = calm_house(web)
    web.double.spoil(ONE_ANSWER[kind], lambda _: answer)
    result = web.try_sync()
    stream = stream_of(web, kind)
    (gap,) = web.house.gaps()
    assert ([gap], gap.reason) == (web.house.standing(stream), reason)
    assert all(map(is_clear, lines(web, result)))
    assert others_are_whole(web, calm, [stream])
    assert heals(web, calm)


def test_a_part_that_took_too_long_is_asked_for_in_smaller_pages(web: OneProject) -> None:
    calm = calm_house(web)

    def slow(answer: Json) -> Json:
        found = answer["data"]["project"]["mergeRequests"]["nodes"]
        if len(found) > 1:
            for each in found:
                each["activity"] = None
            answer["errors"] = [{"message": "Timeout on MergeRequest.notes"}]
        return answer

    web.double.damage(" Changes ", slow)
    web.sync()
    assert web.house.gaps() == []
    assert web.house.records() == calm.records()


def test_a_merge_request_that_is_not_told_now_is_told_later(web: OneProject) -> None:
    calm = calm_house(web)

    def forgetful(answer: Json) -> Json:
        answer["data"]["project"]["mergeRequests"]["nodes"][0] = None
        return answer

    web.double.damage(" Changes ", forgetful)
    web.sync()
    (gap,) = web.house.gaps()
    assert gap.reason == GapReason.MISSING_OBJECT
    assert len(web.rows_of(Change)) == 2
    assert heals(web, calm)


def test_a_merge_request_that_was_never_told_and_is_deleted_leaves_no_gap(web: OneProject) -> None:
    change = story.open_merge_request(web.world, web.project, web.dev, web.at())

    def forgetful(answer: Json) -> Json:
        found = answer["data"]["project"]["mergeRequests"]
        found["nodes"] = [each for each in found["nodes"] if each["iid"] != str(change.iid)]
        return answer

    web.double.damage(" Changes ", forgetful)
    web.sync()
    assert len(web.house.gaps()) == 1
    del web.project.merge_requests[change.iid]
    web.sync()
    assert web.house.gaps() == []


# --- limits and clocks ----------------------------------------------------------------------------


def test_a_short_limit_is_waited_out_and_nothing_is_lost(web: OneProject) -> None:
    calm = calm_house(web)
    for match in ("/deployments", " Changes ", "/issues", "/groups/acme/projects"):
        web.double.fail(match, [retry_later(20), retry_later(25)])
    web.sync()
    assert sum(web.time.slept) >= 4 * 45
    assert web.house.records() == calm.records()


def test_a_limit_that_is_used_up_leaves_the_rest_for_later(web: OneProject) -> None:
    web.double.limits = {THROTTLE: (2000, 3600)}
    calm = calm_house(web)
    web.double.spend(TOKEN, THROTTLE, 206)
    result = web.try_sync()
    assert result.errors
    assert all("sync again after" in error.fix for error in result.errors)
    assert all(map(is_clear, lines(web, result)))
    assert len(web.double.asked) <= 7
    web.time.at += timedelta(hours=1, minutes=1)
    assert heals(web, calm)


@pytest.mark.parametrize("limit", ["0", None, "plenty"])
def test_a_server_without_limits_is_read_without_waiting(
    web: OneProject, limit: str | None
) -> None:
    names = ("Limit", "Observed", "Remaining", "Reset", "ResetTime")
    web.double.rewritten_headers = {f"RateLimit-{name}": limit for name in names}
    web.sync()
    assert web.time.slept == []
    assert web.house.gaps() == []


def test_headers_that_are_nonsense_do_no_harm(web: OneProject) -> None:
    web.double.rewritten_headers = {"Date": "today", "X-Total": "9" * 5000, "ETag": ""}
    web.sync()
    assert web.sync().pages == 0


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_an_hour_off_changes_nothing(web: OneProject, hours: int) -> None:
    calm = calm_house(web)
    web.clock_skew = timedelta(hours=hours)
    web.double.fail("/deployments", [retry_later(30)])
    web.sync()
    assert sum(web.time.slept) < 60
    assert web.house.records() == calm.records()
    assert web.sync().pages == 0


@pytest.mark.parametrize("kind", ["repository", "changes", "history"])
def test_a_storm_of_errors_that_ends_is_waited_out(web: OneProject, kind: str) -> None:
    calm = calm_house(web)
    web.double.fail(KINDS[kind], [Answer(500), Reset(), Answer(503)])
    web.sync()
    assert web.house.records() == calm.records()


# --- several ways in ----------------------------------------------------------------------------

SECOND = "glpat-second0123456789abcd"


@pytest.fixture
def two(web: OneProject, tmp_path: Path) -> OneProject:
    """The same with two tokens."""
    web.double.add_token(SECOND, "reviewer-2")
    (tmp_path / "second.txt").write_text(SECOND)
    web.settings["token"] = ["file:token.txt", "file:second.txt"]
    return web


def test_a_token_that_dies_leaves_the_work_to_the_other(
    two: OneProject, caplog: pytest.LogCaptureFixture
) -> None:
    calm = calm_house(two)
    two.double.tokens[TOKEN].is_revoked = True
    two.sync()
    assert two.house.records() == calm.records()
    assert caplog.text.count("file:token.txt is refused") == 1
    assert TOKEN not in caplog.text
    assert len(two.asked("/version")) == 1


def test_a_right_that_one_token_lacks_drops_no_token(
    two: OneProject, caplog: pytest.LogCaptureFixture
) -> None:
    calm = calm_house(two)
    two.double.refuse(
        lambda asked: TOKEN in asked.headers.values() and "/environments" in asked.path, 401
    )
    two.sync()
    assert two.house.records() == calm.records()
    assert "is refused" not in caplog.text
    used = [asked.headers["private-token"] for asked in two.double.asked]
    assert TOKEN in used[-6:]
    assert len(two.asked("/version")) <= 1


def test_what_no_token_may_see_is_one_gap(two: OneProject) -> None:
    calm = calm_house(two)
    two.double.refuse("/environments", 401)
    two.sync()
    (gap,) = two.house.gaps()
    assert gap.reason == GapReason.NO_PERMISSION
    assert len(two.asked("/version")) == 2
    assert others_are_whole(two, calm, [stream_of(two, "environments")])


def test_when_all_tokens_die_that_is_told(two: OneProject) -> None:
    two.double.tokens.clear()
    (error,) = two.try_sync().errors
    assert "401" in error.what


# --- what nobody may see --------------------------------------------------------------------------


def test_no_address_and_no_secret_is_in_archive_log_error_or_gap(
    web: OneProject, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = (
        f"Help\n\nCo-authored-by: Dev <dev-1@example.com>\n{PASTED} "
        "https://git.example.com/u/dev-1@example.com?m=dev-1%40example.com"
    )
    story.push(web.world, web.project, web.dev, web.at(), words)
    change = story.open_merge_request(
        web.world, web.project, web.dev, web.at(), "Ask dev-1@example.com"
    )
    story.comment(web.world, change, web.reviewer, web.at(), words)
    story.merge(web.world, change, web.reviewer, web.at())
    story.open_incident(web.world, web.project, web.dev, web.at(), "Ask dev-1@example.com")
    web.sync()
    shown: list[object] = [web.house.everything()]
    web.double.refuse("/deployments", 403, f"ask dev-1@example.com {TOKEN}")
    web.double.fail("/issues", [Answer.json({"message": words}, 400)])
    web.double.fail(" Changes ", [graphql_errors(f"ask dev-1@example.com {PASTED}")])
    story.comment(web.world, change, web.reviewer, web.at())
    story.open_issue(web.world, web.project, web.dev, web.at(), "A wish")
    result = web.try_sync()
    assert len(web.house.gaps()) == 3
    assert all(map(is_clear, lines(web, result)))
    shown += [result.errors, web.house.everything(), caplog.text, web.progress]
    told = "\n".join(map(str, shown))
    assert [secret for secret in SECRETS if secret in told] == []
    assert len(web.rows_of(Deployment)) == 1
