"""What the shared HTTP session does with good and bad answers of a real server on loopback."""

from __future__ import annotations

import gzip
import json
import shutil
import ssl
import subprocess
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests

from connectors.credential import Credential
from connectors.http.adapter import PoliteAdapter
from connectors.http.address import address_below
from connectors.http.body import Bounds
from connectors.http.budget import RateBudget
from connectors.http.errors import (
    Forbidden,
    HttpError,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnexpectedReply,
)
from connectors.http.retry import RetryRule
from connectors.http.session import Http
from data.model import GapReason
from tests.connectors.loopback import (
    OK,
    Answer,
    Broken,
    Endless,
    FakeTime,
    Garbage,
    LoopbackServer,
    Reset,
    Said,
    Serve,
    Silence,
    client,
    in_turn,
    timing,
)

# --- a good answer ------------------------------------------------------------------------------


def test_a_json_answer_comes_as_it_was_sent(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer.json({"name": "öre", "n": 1}, ETag='"a1"'))
    reply = client(server, time).get("things/1", {"page": 2, "all": True, "none": None})
    assert reply.json() == {"name": "öre", "n": 1}
    assert reply.body == json.dumps({"name": "öre", "n": 1}).encode()
    assert server.asked[0].path == "/things/1"
    assert server.asked[0].params == {"page": "2", "all": "true"}
    assert time.slept == []


def test_a_base_address_with_a_path_stays_in_front(serve: Serve, time: FakeTime) -> None:
    server = serve(OK, OK)
    http = Http(server.url + "/api/v4/", timing(time))
    http.get("projects")
    http.get("/projects")
    assert [asked.path for asked in server.asked] == ["/api/v4/projects"] * 2


def test_a_question_can_be_posted(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer.json({"data": {}}))
    assert client(server, time).post("graphql", {"query": "{ a }"}).json() == {"data": {}}
    assert server.asked[0].method == "POST"
    assert server.asked[0].json == {"query": "{ a }"}


def test_a_compressed_answer_is_unpacked(serve: Serve, time: FakeTime) -> None:
    packed = gzip.compress(b'{"ok": true}')
    server = serve(Answer(200, packed, {"Content-Encoding": "gzip"}))
    assert client(server, time).get("a").json() == {"ok": True}


def test_an_unchanged_page_costs_no_limit_and_brings_no_body(serve: Serve, time: FakeTime) -> None:
    modified = "Sun, 01 Mar 2026 10:00:00 GMT"
    server = serve(Answer.json([1], ETag='W/"a1"', Last_Modified=modified), Answer(304))
    http = client(server, time)
    first = http.get("a")
    second = http.get("a", validators=first.validators)
    assert first.validators == {"etag": 'W/"a1"', "last_modified": modified}
    assert json.loads(json.dumps(first.validators)) == first.validators
    assert server.asked[1].headers["if-none-match"] == 'W/"a1"'
    assert server.asked[1].headers["if-modified-since"] == modified
    assert not first.is_unchanged
    assert second.is_unchanged
    assert second.body == b""
    assert (http.usage.requests, http.usage.counted) == (2, 1)


# --- trying again -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
def test_a_passing_failure_is_tried_again(serve: Serve, time: FakeTime, status: int) -> None:
    server = serve(Answer(status), Answer(status), OK)
    http = client(server, time)
    assert http.get("a").json() == {"ok": True}
    assert len(time.slept) == 2
    assert http.usage.retries == 2
    assert http.usage.requests == 3


@pytest.mark.parametrize("said", [Reset(), Broken(), Garbage()])
def test_a_broken_connection_is_tried_again(serve: Serve, time: FakeTime, said: Said) -> None:
    server = serve(said, OK)
    assert client(server, time).get("a").json() == {"ok": True}
    assert len(time.slept) == 1


def test_silence_is_tried_again(serve: Serve, time: FakeTime) -> None:
    server = serve(Silence(), OK)
    http = client(server, time, bounds=Bounds(read_seconds=0.2))
    assert http.get("a").json() == {"ok": True}
    assert len(time.slept) == 1


def test_waits_double_up_to_a_longest(serve: Serve, time: FakeTime) -> None:
    server = serve(*[Answer(502)] * 6)
    rule = RetryRule(first_wait_seconds=1, longest_wait_seconds=5)
    with pytest.raises(Unavailable) as raised:
        client(server, time, rule=rule).get("a")
    assert time.slept == [1, 2, 4, 5, 5]
    assert raised.value.status == 502


def test_chance_shortens_a_wait_by_up_to_a_half() -> None:
    rule = RetryRule(first_wait_seconds=8)
    assert rule.backoff_seconds(1, chance=0.0) == 8
    assert rule.backoff_seconds(1, chance=0.999) == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 451, 501])
def test_a_final_answer_is_asked_for_once(serve: Serve, time: FakeTime, status: int) -> None:
    server = serve(Answer(status))
    with pytest.raises(HttpError) as raised:
        client(server, time).get("a")
    assert raised.value.status == status
    assert time.slept == []


# --- what the server asks for -------------------------------------------------------------------


def test_retry_after_in_seconds_is_waited_out(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(429, headers={"Retry-After": "37"}), OK)
    client(server, time).get("a")
    assert time.slept == [37]


def test_retry_after_as_a_date_is_waited_out(serve: Serve, time: FakeTime) -> None:
    until = format_datetime(time.at + timedelta(seconds=90), usegmt=True)
    server = serve(Answer(503, headers={"Retry-After": until}), OK)
    client(server, time).get("a")
    assert time.slept == [90]


def test_a_date_counts_from_the_servers_own_clock(serve: Serve, time: FakeTime) -> None:
    theirs = time.at - timedelta(hours=1)
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "Retry-After": format_datetime(theirs + timedelta(seconds=90), usegmt=True),
    }
    server = serve(Answer(429, headers=headers), OK)
    client(server, time).get("a")
    assert time.slept == [90]


@pytest.mark.parametrize("nonsense", ["soon", "-5", "", "Sun, 99 Foo 2026", "1e9"])
def test_nonsense_in_retry_after_falls_back_to_the_own_wait(
    serve: Serve, time: FakeTime, nonsense: str
) -> None:
    server = serve(Answer(503, headers={"Retry-After": nonsense}), OK)
    client(server, time).get("a")
    assert time.slept == [1]


def test_a_secondary_limit_is_a_403_that_is_waited_out(serve: Serve, time: FakeTime) -> None:
    words = {"message": "You have exceeded a secondary rate limit. Please wait."}
    server = serve(
        Answer.json(words, 403, Retry_After="12"),
        Answer.json(words, 403),
        Answer.json({"message": "API rate limit exceeded"}, 403),
        OK,
    )
    client(server, time).get("a")
    assert time.slept == [12, 120, 240]


def test_a_graphql_answer_of_200_can_be_a_limit(serve: Serve, time: FakeTime) -> None:
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    reset = str(int(time.at.timestamp()) + 30)
    server = serve(
        Answer.json(limited, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset),
        Answer.json({"data": {"a": 1}}),
    )
    assert client(server, time).post("graphql", {"query": "{ a }"}).json()["data"] == {"a": 1}
    assert time.slept == [31]


def test_a_used_up_limit_is_waited_out_once(serve: Serve, time: FakeTime) -> None:
    reset = str(int(time.at.timestamp()) + 600)
    headers = {"X_RateLimit_Limit": "100", "X_RateLimit_Remaining": "0"}
    server = serve(Answer.json({}, 403, X_RateLimit_Reset=reset, **headers), OK)
    client(server, time).get("a")
    assert time.slept == [601]


def test_a_storm_of_429_ends_with_the_time_to_come_back(serve: Serve, time: FakeTime) -> None:
    start = time.at
    server = serve(*[Answer(429, headers={"Retry-After": "10"})] * 6)
    with pytest.raises(RateLimited) as raised:
        client(server, time).get("a")
    assert time.slept == [10] * 5
    assert raised.value.reset_at == start + timedelta(seconds=60)


def test_more_than_our_patience_is_an_error_at_once(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(429, headers={"Retry-After": "7200"}))
    with pytest.raises(RateLimited) as raised:
        client(server, time).get("a")
    assert time.slept == []
    assert raised.value.reset_at == time.at + timedelta(hours=2)
    assert raised.value.fix == "sync again after 2026-03-01 14:00 UTC"


def test_patience_is_for_all_waits_of_a_question_together(serve: Serve, time: FakeTime) -> None:
    server = serve(*[Answer(429, headers={"Retry-After": "60"})] * 6)
    with pytest.raises(RateLimited):
        client(server, time, rule=RetryRule(patience_seconds=150)).get("a")
    assert time.slept == [60, 60]


# --- answers that are none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><title>Sign in</title>", "web page"),
        (b'[{"id": 1}, {"id"', "breaks off"),
        (b"", "breaks off"),
        (b"[" * 100_000, "breaks off"),
        (b"\xff\xfe\xfa", "breaks off"),
    ],
)
def test_what_is_not_json_is_told_as_that(
    serve: Serve, time: FakeTime, body: bytes, words: str
) -> None:
    reply = client(serve(Answer(200, body)), time).get("a")
    with pytest.raises(UnexpectedReply, match=words) as raised:
        reply.json()
    assert raised.value.reason is GapReason.UNREADABLE


def test_an_answer_without_end_is_left_at_the_limit(serve: Serve, time: FakeTime) -> None:
    http = client(serve(Endless()), time, bounds=Bounds(size_bytes=200_000))
    with pytest.raises(UnexpectedReply, match="larger than 200,000 bytes"):
        http.get("a")


def test_a_packed_answer_is_limited_by_what_it_unpacks_to(serve: Serve, time: FakeTime) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    server = serve(Answer(200, bomb, {"Content-Encoding": "gzip"}))
    with pytest.raises(UnexpectedReply, match="larger than"):
        client(server, time, bounds=Bounds(size_bytes=1_000_000)).get("a")
    assert len(bomb) < 100_000


def test_an_answer_that_drips_is_left_in_time(serve: Serve, time: FakeTime) -> None:
    time.ticks_seconds = 1.0
    http = client(serve(Endless(b"0")), time, bounds=Bounds(total_seconds=30))
    with pytest.raises(Unavailable, match="not complete after 30 s"):
        http.get("a")


def test_a_damaged_compression_is_an_error(serve: Serve, time: FakeTime) -> None:
    server = serve(*[Answer(200, b"not gzip", {"Content-Encoding": "gzip"})] * 2)
    with pytest.raises(Unavailable, match="broke off"):
        client(server, time, rule=RetryRule(attempts=2)).get("a")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Reset(), "no connection"),
        (Broken(), "the answer broke off"),
        (Silence(), "no answer in time"),
        (Garbage(), "no connection"),
    ],
)
def test_a_broken_server_is_told_in_one_line(
    serve: Serve, time: FakeTime, said: Said, words: str
) -> None:
    server = serve(said, said)
    bounds, rule = Bounds(read_seconds=0.2), RetryRule(attempts=2)
    with pytest.raises(Unavailable, match=words) as raised:
        client(server, time, bounds=bounds, rule=rule).get("a")
    assert "\n" not in str(raised.value)
    assert f"GET {server.url}/a" in str(raised.value)


def test_nobody_listening_is_told_as_that(serve: Serve, time: FakeTime) -> None:
    with LoopbackServer(in_turn(())) as gone:
        pass
    with pytest.raises(Unavailable, match="Connection refused"):
        client(gone, time).get("a")
    assert len(time.slept) == 5


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (401, Unauthorized, GapReason.NO_PERMISSION),
        (403, Forbidden, GapReason.NO_PERMISSION),
        (451, Forbidden, GapReason.NO_PERMISSION),
        (404, NotFound, GapReason.NOT_FOUND),
        (410, NotFound, GapReason.NOT_FOUND),
    ],
)
def test_a_refusal_makes_a_gap_with_the_servers_own_words(
    serve: Serve, time: FakeTime, status: int, kind: type[HttpError], reason: GapReason
) -> None:
    server = serve(Answer.json({"message": "Needs the\n right 'audit'"}, status, X_Needs="audit"))
    with pytest.raises(kind, match="Needs the right 'audit'") as raised:
        client(server, time).get("orgs/acme/audit")
    assert raised.value.headers["x-needs"] == "audit"
    gap = raised.value.gap("github:acme", "acme", "audit")
    assert gap.id == f"github:acme#gap/audit/{reason}"
    assert (gap.source, gap.reason) == ("acme", reason)
    assert f"{server.url}/orgs/acme/audit: answered {status}" in gap.what
    assert gap.fix


# --- other hosts and redirects ------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_token(
    serve: Serve,
    time: FakeTime,
    status: int,
    token: Credential,
) -> None:
    server = serve(Answer(status, headers={"Location": "/repositories/7?a=1"}), OK)
    assert client(server, time, credential=token).get("old", {"b": 2}).json() == {"ok": True}
    assert server.asked[1].path == "/repositories/7"
    assert server.asked[1].params == {"a": "1"}
    assert server.asked[1].headers["authorization"] == f"Bearer {token.reveal()}"


def test_a_redirect_to_another_host_is_not_followed(
    serve: Serve, time: FakeTime, token: Credential
) -> None:
    other = serve(OK)
    server = serve(Answer(302, headers={"Location": other.url + "/steal"}))
    http = client(server, time, credential=token)
    with pytest.raises(UnexpectedReply, match="another host"):
        http.get("a")
    assert other.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:{port}/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1:1/x",
        "http://127.0.0.1:{port}@evil.example/x",
        "http://evil.example\\@127.0.0.1:{port}/x",
        "http://127.0.0.1:{port}0/x",
        "http://[::1/x",
    ],
)
def test_no_address_of_another_host_is_asked(serve: Serve, time: FakeTime, address: str) -> None:
    server = serve(OK)
    with pytest.raises(UnexpectedReply, match="another host"):
        client(server, time).get(address.format(port=server.url.rpartition(":")[2]))
    assert server.asked == []


def test_a_redirect_to_nowhere_is_told_as_that(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(302, headers={"Location": "http://[::1/x"}))
    with pytest.raises(UnexpectedReply, match="next address that is none"):
        client(server, time).get("a")


def test_a_header_that_cannot_be_sent_is_told_without_its_value(
    serve: Serve, time: FakeTime
) -> None:
    http = client(serve(OK), time, headers={"X-Odd": "secret-word\nX-More: 1"})
    with pytest.raises(Unavailable) as raised:
        http.get("a")
    assert "secret-word" not in str(raised.value)


def test_a_plain_address_may_lead_to_the_safe_one_of_the_same_host() -> None:
    assert address_below("http://git.example/", "https://git.example/x")
    for other in ("https://other.example/x", "https://git.example:8443/x"):
        with pytest.raises(UnexpectedReply):
            address_below("http://git.example/", other)
    with pytest.raises(UnexpectedReply):
        address_below("https://git.example/", "http://git.example/x")


def test_a_proxy_that_does_not_answer_is_named(
    serve: Serve, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackServer(in_turn(())) as gone:
        pass
    server = serve(OK)
    monkeypatch.setenv("HTTP_PROXY", f"http://someone:secret-word@{gone.url[7:]}")
    monkeypatch.delenv("NO_PROXY")
    with pytest.raises(Unavailable, match="the proxy failed: Connection refused") as raised:
        client(server, time, rule=RetryRule(attempts=1)).get("a")
    assert "secret-word" not in str(raised.value)
    assert server.asked == []


def test_a_path_that_looks_like_a_host_stays_a_path(serve: Serve, time: FakeTime) -> None:
    server = serve(OK)
    client(server, time).get("//evil.example/x")
    assert server.asked[0].path == "/evil.example/x"


def test_redirects_in_a_circle_end(serve: Serve, time: FakeTime) -> None:
    server = serve(*[Answer(302, headers={"Location": "/a"})] * 20)
    with pytest.raises(UnexpectedReply, match="circle"):
        client(server, time).get("a")
    assert len(server.asked) == 5


def test_a_posted_question_is_not_turned_into_another(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(302, headers={"Location": "/login"}))
    with pytest.raises(UnexpectedReply, match="redirects a question"):
        client(server, time).post("graphql", {"query": "{ a }"})


def test_cookies_of_the_server_are_not_sent_back(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer.json({}, Set_Cookie="session=1; Path=/"), OK)
    http = client(server, time)
    http.get("a")
    http.get("a")
    assert "cookie" not in server.asked[1].headers


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test with")
    new = "req -x509 -batch -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
    for_whom = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", *new.split(), *for_whom.split(), *files], check=True, capture_output=True
    )
    return certificate, key


def test_a_certificate_nobody_vouches_for_is_refused_and_not_tried_again(
    certificate: tuple[Path, Path], time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with LoopbackServer(in_turn([OK]), context) as server:
        with pytest.raises(Unavailable, match="certificate was not accepted") as raised:
            client(server, time).get("a")
        assert server.asked == []
        assert time.slept == []
        assert "REQUESTS_CA_BUNDLE" in raised.value.fix
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
        assert client(server, time).get("a").json() == {"ok": True}


# --- a session of another library ---------------------------------------------------------------


def test_the_adapter_makes_any_session_polite(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(429, headers={"Retry-After": "5"}), Broken(), OK)
    adapter = PoliteAdapter(timing(time), RateBudget())
    session = requests.Session()
    session.mount("http://", adapter)
    assert session.get(server.url + "/a", timeout=1).json() == {"ok": True}
    assert time.slept == [5, 2]
    assert adapter.usage.requests == 3


def test_the_adapter_hands_the_last_failure_to_its_session(serve: Serve, time: FakeTime) -> None:
    server = serve(Answer(502), Answer(502), Reset(), Reset())
    session = requests.Session()
    session.mount("http://", PoliteAdapter(timing(time), RateBudget(), RetryRule(attempts=2)))
    assert session.get(server.url, timeout=1).status_code == 502
    with pytest.raises(requests.ConnectionError):
        session.get(server.url, timeout=1)
