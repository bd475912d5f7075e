"""A token is named, read when it is needed, and never shown."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.credential import HIDDEN, Credential, CredentialError, SecretReference, redact
from connectors.http.errors import HttpError, Unavailable
from connectors.http.retry import RetryRule
from connectors.http.session import Http
from connectors.interface import ConnectorError
from tests.connectors.loopback import (
    OK,
    Answer,
    FakeTime,
    LoopbackServer,
    Reset,
    Serve,
    client,
    in_turn,
    timing,
)

# --- where it comes from ------------------------------------------------------------------------


def test_a_token_is_read_when_the_request_is_sent(
    serve: Serve, time: FakeTime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = serve(OK, OK)
    http = client(server, time, credential=Credential("env:CAIRN_TEST_TOKEN", tmp_path))
    for token in ("first-token", "second-token"):
        monkeypatch.setenv("CAIRN_TEST_TOKEN", token)
        http.get("a")
    sent = [asked.headers["authorization"] for asked in server.asked]
    assert sent == ["Bearer first-token", "Bearer second-token"]


def test_a_token_file_is_read_without_its_line_break(
    serve: Serve, time: FakeTime, tmp_path: Path
) -> None:
    (tmp_path / "token.txt").write_text("from-a-file\n")
    server = serve(OK)
    credential = Credential("file:token.txt", tmp_path, header="PRIVATE-TOKEN", scheme="")
    client(server, time, credential=credential).get("a")
    assert server.asked[0].headers["private-token"] == "from-a-file"
    assert "authorization" not in server.asked[0].headers


def test_a_user_and_token_are_sent_as_basic_authentication(
    serve: Serve, time: FakeTime, token: Credential, tmp_path: Path
) -> None:
    server = serve(OK)
    credential = Credential(token.reference, tmp_path, user="robot")
    client(server, time, credential=credential).get("a")
    word, _, pair = server.asked[0].headers["authorization"].partition(" ")
    assert (word, base64.b64decode(pair)) == ("Basic", f"robot:{token.reveal()}".encode())
    assert pair in credential.hidden_words()


def test_nobodys_netrc_is_sent(
    serve: Serve, time: FakeTime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password from-netrc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(OK)
    client(server, time).get("a")
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("reference", "content"),
    [
        ("env:CAIRN_TEST_MISSING", None),
        ("file:missing.txt", None),
        ("file:token.txt", b" \n"),
        ("file:token.txt", b"two\nlines-with-a-secret"),
        ("file:token.txt", b"\xff\xfe-a-secret"),
        ("file:token.txt", "sécret".encode()),
        ("file:.", None),
    ],
)
def test_a_place_without_a_usable_token_is_named(
    serve: Serve, time: FakeTime, tmp_path: Path, reference: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "token.txt").write_bytes(content)
    server = serve(OK)
    with pytest.raises(CredentialError) as raised:
        client(server, time, credential=Credential(reference, tmp_path)).get("a")
    assert reference in str(raised.value)
    assert "secret" not in str(raised.value)
    assert server.asked == []


class Settings(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    token: SecretReference


@pytest.mark.parametrize("good", ["env:GIT_TOKEN", "file:../secrets/token", "file:/run/token"])
def test_a_reference_is_accepted_as_a_setting(good: str) -> None:
    assert Settings(token=good).token == good


@pytest.mark.parametrize("bad", ["env:", "env:1A", "file:", "", "GIT_TOKEN", "http://x"])
def test_what_names_no_place_is_refused_as_a_setting(bad: str) -> None:
    with pytest.raises(ValidationError, match="must be env:NAME or file:PATH"):
        Settings(token=bad)


def test_a_token_itself_is_refused_as_a_setting_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings(token="plain-secret-word")
    assert "plain-secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://robot:secret-word@git.example/api",
        "https://secret-word@git.example/api",
        "https://git.example/api?private_token=secret-word",
        "ftp://git.example",
        "git.example",
        "http://[::1",
        "http://git.example:99999999",
        "",
    ],
)
def test_an_address_with_a_secret_or_of_no_web_server_is_refused(
    time: FakeTime, address: str
) -> None:
    with pytest.raises(ConnectorError) as raised:
        Http(address, timing(time))
    assert "secret-word" not in str(raised.value)


# --- where it never goes ------------------------------------------------------------------------


@pytest.mark.parametrize("user", [None, "robot"])
def test_the_token_is_in_no_log_error_repr_or_answer(
    serve: Serve,
    time: FakeTime,
    token: Credential,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    user: str | None,
) -> None:
    credential = Credential(token.reference, tmp_path, user=user)
    words = credential.hidden_words()

    def tell_all(asked: object) -> Answer:
        path = getattr(asked, "path", "")
        status = int(path.strip("/")) if path.strip("/").isdigit() else 200
        return Answer.json({"message": f"you sent {' and '.join(words)}"}, status)

    server = serve(answer=tell_all)
    http = client(server, time, credential=credential, rule=RetryRule(attempts=2))
    caplog.set_level(logging.DEBUG)
    shown = [repr(http), repr(credential), http.get("echo").body.decode()]
    for status in (400, 401, 403, 404, 500):
        with pytest.raises(HttpError) as raised:
            http.get(str(status), {"private_token": words[0]})
        shown.append("".join(traceback.format_exception(raised.value)))
        shown.append(repr(raised.value.gap("x:y", "y", "z")))
    shown.append(caplog.text)
    assert HIDDEN in shown[2]
    for word in words:
        assert [text for text in shown if word in text] == []
    assert len(server.asked) == 7
    assert "urllib3" in caplog.text


def test_a_token_in_an_address_is_hidden_where_there_is_no_answer(
    serve: Serve, time: FakeTime
) -> None:
    http = client(serve(Reset(), Reset()), time, rule=RetryRule(attempts=2))
    params = {"access_token": "secret-word", "page": 2}
    with pytest.raises(Unavailable) as raised:
        http.get("a", params)
    shown = "".join(traceback.format_exception(raised.value))
    assert "secret-word" not in shown
    assert f"access_token={HIDDEN}&page=2" in shown


def test_a_token_in_an_address_is_hidden_where_nobody_listens(time: FakeTime) -> None:
    with LoopbackServer(in_turn(())) as gone:
        pass
    params = {"access_token": "secret-word"}
    with pytest.raises(Unavailable) as raised:
        client(gone, time, rule=RetryRule(attempts=1)).get("a", params)
    assert "secret-word" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "'Authorization': 'token {}'",
        '{{"authorization": "Basic {}"}}',
        "PRIVATE-TOKEN: {}",
        "X-Api-Key: {}",
        "https://robot:{}@git.example/x.git",
        "https://{}@git.example/x.git",
        "https://git.example/?a=1&access_token={}&b=2",
        "https://store.example/?X-Amz-Signature={}",
        "https://git.example/?job_token={}",
        "bearer {}",
    ],
)
@given(secret=st.from_regex(r"[A-Za-z0-9_.~-]{12,40}", fullmatch=True))
def test_what_stands_where_a_secret_stands_is_hidden(text: str, secret: str) -> None:
    assert secret not in redact(text.format(secret))


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1" * 18,
        "github_pat_" + "a1" * 20,
        "glpat-" + "a1" * 10,
        "xoxb-" + "12" * 10,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_a_token_is_known_by_its_form(secret: str) -> None:
    assert redact(f"it was {secret}, I think") == f"it was {HIDDEN}, I think"


@pytest.mark.parametrize(
    "text",
    [
        "GET https://git.example/repos/acme/web/pulls?state=all&page=2",
        "the token is missing; set GIT_TOKEN",
        "403: Resource not accessible by integration",
        "ssh: connect to host git.example port 22",
        "a basic check of a bearer",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert redact(text) == text


@given(st.dictionaries(st.text(), st.text()))
def test_hiding_twice_is_hiding_once(words: dict[str, str]) -> None:
    once = redact(json.dumps(words))
    assert redact(once) == once
