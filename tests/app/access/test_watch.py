"""What passes through the server when somebody signs in, and what the log tells of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from app.access.person import person
from app.access.standing import ENDED
from app.access.unlogged import UNLOGGED
from app.access.watch import Watch
from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.ledger.lock import held
from tests.app.access.claimed import SETTINGS, claims

COOKIE = "_streamlit_user"
SECRET = "c" * 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cairn.toml").write_text("")
    return tmp_path


@pytest.fixture(autouse=True)
def secret() -> Iterator[None]:
    before = config.get_option("server.cookieSecret")
    config.set_option("server.cookieSecret", SECRET)
    yield
    config.set_option("server.cookieSecret", before)


def cookie(told: dict[str, Any], secret: str = SECRET) -> str:
    """The cookie as Streamlit signs it."""
    return create_signed_value(secret, COOKIE, json.dumps(told)).decode()


def fresh(**other: Any) -> dict[str, Any]:
    return claims(datetime.now(UTC), **other)


class Browser:
    """Asks a server in this process, and keeps its cookies."""

    def __init__(self, app: Starlette) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        )
        self.cookies = self._client.cookies

    def get(self, path: str) -> httpx.Response:
        return anyio.run(self._client.get, path)


def client(folder: Path, answer: Callable[[], Response], settings: Any = SETTINGS) -> Browser:
    """A browser before a server whose provider sends everybody back with an answer."""

    def begin(request: Request) -> Response:
        request.session[f"_state_default_{request.query_params['state']}"] = {}
        return Response()

    def back(request: Request) -> Response:
        del request
        return answer()

    app = Starlette(
        routes=[
            Route("/begin", begin),
            Route("/oauth2callback", back),
            Route("/auth/logout", back),
            Route("/media/file.csv", back),
        ],
        middleware=[
            Middleware(Watch, settings, folder),
            Middleware(SessionMiddleware, secret_key="s" * 32),
        ],
    )
    return Browser(app)


def signed_in(told: dict[str, Any], secret: str = SECRET) -> Callable[[], Response]:
    def answer() -> Response:
        response = RedirectResponse("/")
        response.set_cookie(COOKIE, cookie(told, secret), max_age=30 * 86_400, httponly=True)
        return response

    return answer


def sessions(folder: Path) -> list[Event]:
    found = Ledger(folder).entries(Asked(kind="session.*")) if Ledger(folder).is_there else []
    return [entry.event for entry in found if entry.event is not None]


def test_a_sign_in_is_one_event_and_its_cookie_ends_with_it(folder: Path) -> None:
    browser = client(folder, signed_in(fresh()))
    header = browser.get("/oauth2callback?code=1&state=1").headers["set-cookie"]
    browser.get("/oauth2callback?code=1&state=1")
    (told,) = sessions(folder)
    assert told.kind == "session.started"
    assert told.actor == Ledger(folder).people.known("ada.alder@harbour.example")
    assert f"Max-Age={12 * 3600};" in header
    assert header.endswith("; Secure")


def test_without_encryption_a_cookie_is_not_called_secure(folder: Path) -> None:
    local = {"redirect": "http://localhost:8501/oauth2callback"}
    browser = client(folder, signed_in(fresh()), SETTINGS.model_copy(update=local))
    assert "Secure" not in browser.get("/oauth2callback?code=1").headers["set-cookie"]


def test_who_is_not_named_is_refused_under_their_pseudonym(folder: Path) -> None:
    client(folder, signed_in(fresh(email_verified=None))).get("/oauth2callback?code=1&state=1")
    (told,) = sessions(folder)
    assert (told.kind, told.data["by"], told.data["reason"]) == (
        "session.refused", "cairn", "not_allowed",
    )  # fmt: skip
    assert told.actor == Ledger(folder).people.known("1001")


@pytest.mark.parametrize(
    ("query", "by", "reason"),
    [
        ("error=access_denied", "provider", "access_denied"),
        ("error=%3Cscript%3E", "provider", "other"),
        ("code=1", "cairn", "not_verified"),
    ],
)
def test_a_sign_in_that_comes_to_nothing_is_refused_once_by_nobody_known(
    folder: Path, query: str, by: str, reason: str
) -> None:
    browser = client(folder, Response)
    browser.get("/begin?state=1")
    for _ in range(3):
        browser.get(f"/oauth2callback?{query}&state=1")
    (told,) = sessions(folder)
    assert (told.kind, told.actor) == ("session.refused", None)
    assert (told.data["by"], told.data["reason"]) == (by, reason)


def test_what_was_never_begun_here_is_not_logged(folder: Path) -> None:
    client(folder, Response).get("/oauth2callback?error=access_denied&state=1")
    assert sessions(folder) == []


def test_who_comes_back_from_signing_out_at_the_provider_is_sent_to_the_pages(
    folder: Path,
) -> None:
    browser = client(folder, Response)
    browser.get("/begin?state=1")
    answer = browser.get("/oauth2callback")
    assert (answer.status_code, answer.headers["location"]) == (307, "/")
    assert sessions(folder) == []


def test_nobody_fills_the_log_with_refusals(folder: Path) -> None:
    browser = client(folder, Response)
    for number in range(20):
        browser.get(f"/begin?state={number}")
        browser.get("/oauth2callback?error=access_denied")
    assert 1 <= len(sessions(folder)) <= 3


def test_a_sign_out_ends_the_sign_in_once_and_everywhere(folder: Path) -> None:
    told = fresh(nonce="out")
    browser = client(folder, Response)
    browser.cookies.set(COOKIE, cookie(told))
    browser.get("/auth/logout")
    browser.get("/auth/logout")
    (left,) = sessions(folder)
    assert left.kind == "session.ended"
    assert left.id.removeprefix("session.ended:") in ENDED


@pytest.mark.parametrize(
    "given",
    [
        lambda: cookie(fresh(), "d" * 40),
        lambda: "nonsense",
        lambda: cookie(claims(datetime.now(UTC) - timedelta(hours=13))),
        lambda: cookie(fresh(email_verified=False)),
    ],
    ids=["forged", "nonsense", "too long ago", "not verified"],
)
def test_who_was_not_signed_in_does_not_sign_out(folder: Path, given: Callable[[], str]) -> None:
    browser = client(folder, Response)
    browser.cookies.set(COOKIE, given())
    browser.get("/auth/logout")
    assert sessions(folder) == []


def test_a_file_is_for_who_is_signed_in(folder: Path) -> None:
    browser = client(folder, lambda: Response("rows"))
    assert browser.get("/media/file.csv").status_code == 403
    told = fresh(nonce="file")
    browser.cookies.set(COOKIE, cookie(told))
    assert browser.get("/media/file.csv").text == "rows"
    browser.get("/auth/logout")
    assert browser.get("/media/file.csv").status_code == 403


def test_a_cookie_that_this_server_has_not_signed_is_nobodys(folder: Path) -> None:
    client(folder, signed_in(fresh(), "d" * 40)).get("/oauth2callback?code=1&state=1")
    assert sessions(folder) == []


def test_a_log_in_use_keeps_nobody_out_and_is_told_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = client(folder, signed_in(fresh(nonce="first")))
    browser.get("/oauth2callback?code=1")
    session = sessions(folder)[0].id.removeprefix("session.started:")
    assert UNLOGGED.why(session) is None
    monkeypatch.setattr("app.access.noted._WAIT_SECONDS", 0.05)
    told = fresh(nonce="second")
    other, who = client(folder, signed_in(told)), person(told)
    assert who is not None
    with held(Ledger(folder).place.lock, is_shared=False, wait_seconds=1):
        assert "set-cookie" in other.get("/oauth2callback?code=1").headers
    assert len(sessions(folder)) == 1
    assert "a sign-in is not in the log of events" in caplog.text
    why = UNLOGGED.why(who.session)
    assert why is not None
    assert why.startswith("ledger: another")
