"""Signing in with a real provider, in a real Chromium, and what the log tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from tests.app.provider import Provider, providing
from tests.app.serving import Server, serving
from tests.app.test_browser_governance import PATIENCE, browser, settled
from tests.app.trailed import SHOWN, logged_into

pytestmark = pytest.mark.browser

__all__ = ["browser"]

ADA = {"sub": "1001", "email": "ada.alder@harbour.example", "email_verified": True}
BO = {"sub": "1002", "email": "bo.birch@harbour.example"}
"""The provider has not verified the address: it may be anybody's."""
SECRETS = {"CLIENT_SECRET": "a secret of the client", "COOKIE_SECRET": "c" * 40}
SIGN_IN = """
[sign_in]
provider = "{provider}"
client_id = "cairn"
client_secret = "env:CLIENT_SECRET"
cookie_secret = "env:COOKIE_SECRET"
redirect = "http://localhost:{{port}}/oauth2callback"
only = ["*@harbour.example"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing(ADA, BO) as running:
        yield running


@pytest.fixture
def log(provider: Provider, tmp_path: Path) -> Ledger:
    configuration = SHOWN + SIGN_IN.format(provider=provider.metadata)
    return logged_into(tmp_path, configuration)


@pytest.fixture
def server(log: Ledger) -> Iterator[Server]:
    with serving(log.place.folder.parent, **SECRETS) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 1200})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def sessions(log: Ledger) -> list[Event]:
    found = log.entries(Asked(kind="session.*"))
    return [entry.event for entry in found if entry.event is not None]


def asks(page: Page) -> None:
    """Waits until the page asks for sign-in."""
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    settled(page)


def begin(page: Page) -> None:
    """Goes to the provider, by keyboard."""
    button = page.get_by_role("button", name="Sign in")
    button.focus()
    button.press("Enter")
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible(timeout=PATIENCE)


def sign_in(page: Page, subject: str) -> None:
    begin(page)
    page.get_by_role("button", name=subject).click()


def frames(page: Page) -> list[bytes]:
    """What the server sends to a page from now on."""
    sent: list[bytes] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: sent.append(bytes(frame)))

    page.on("websocket", opened)
    return sent


def nothing_secret_is_left(server: Server, folder: Path, cookie: str) -> None:
    """Ends the server: it has said nothing more, and no file of the folder holds a secret."""
    server.process.terminate()
    said = "".join(server.process.communicate(timeout=20))
    assert said == "", "nothing went wrong"
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for secret in (*SECRETS.values(), cookie):
        assert not any(secret.encode() in content for content in kept)


def test_who_signs_in_is_found_in_the_trail_until_they_sign_out(
    context: BrowserContext, server: Server, log: Ledger
) -> None:
    began_at = datetime.now(UTC)
    page = context.new_page()
    sent = frames(page)
    page.goto(server.address + "/posture")
    asks(page)
    assert b"Harbour" not in b"".join(sent)
    assert sessions(log) == []
    sign_in(page, "1001")
    expect(page.get_by_text("ada.alder@harbour.example")).to_be_visible(timeout=PATIENCE)
    (told,) = sessions(log)
    assert (told.kind, told.subject, told.source) == ("session.started", "pages", "cairn")
    assert told.actor == log.people.known("ada.alder@harbour.example")
    assert told.happened_at is not None
    assert began_at <= told.happened_at <= datetime.now(UTC)
    length = datetime.fromisoformat(told.data["until"]) - told.happened_at
    assert timedelta(hours=11, minutes=58) < length <= timedelta(hours=12)

    cookie = next(one for one in context.cookies() if one["name"] == "_streamlit_user")
    assert cookie["httpOnly"]
    most = (datetime.now(UTC) + timedelta(hours=12)).timestamp()
    assert cookie["expires"] <= most, "no cookie lives longer than a sign-in"

    settled(page)
    assert b"Harbour" in b"".join(sent), "what is sent to who is signed in can be read here"
    page.reload()
    expect(page.get_by_text("ada.alder@harbour.example")).to_be_visible(timeout=PATIENCE)
    other = context.new_page()
    other.goto(f"{server.address}/audit_trail?group=access&q=signed+in+pages&entry=124")
    expect(other.get_by_role("heading", name="Entry 124")).to_be_visible(timeout=PATIENCE)
    settled(other)
    expect(other.get_by_text("1 entry matches in")).to_be_visible()
    expect(other.get_by_text("signed in to the pages").first).to_be_visible()
    with other.expect_download() as taken:
        other.get_by_role("button", name="Download proof bundle").click()
    assert Path(taken.value.path()).stat().st_size
    assert server.get(urlsplit(taken.value.url).path).status == 403, "an address opens no file"
    (written,) = [entry.event for entry in log.entries(Asked(kind="export.*"))]
    assert written is not None
    assert written.actor == told.actor
    assert len(sessions(log)) == 1, "a sign-in is one event, in however many windows"

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # the provider asks
    asks(page)
    left = sessions(log)[-1]
    assert (left.kind, left.actor) == ("session.ended", told.actor)
    assert left.id.rpartition(":")[2] == told.id.rpartition(":")[2]
    other.get_by_role("button", name="Close").click()
    expect(other.get_by_text("You are signed out.")).to_be_visible(timeout=PATIENCE)
    assert log.verify().is_sound
    nothing_secret_is_left(server, log.place.folder.parent, cookie["value"])


def test_who_is_not_let_in_sees_nothing_and_is_an_event(
    context: BrowserContext, server: Server, log: Ledger
) -> None:
    page = context.new_page()
    sent = frames(page)
    failed: list[str] = []
    page.on("response", lambda one: failed.append(one.url) if one.status >= 400 else None)
    page.goto(server.address + "/audit_trail?q=Change")
    asks(page)
    begin(page)
    page.get_by_role("button", name="Deny").click()
    asks(page)
    (denied,) = sessions(log)
    assert (denied.kind, denied.actor) == ("session.refused", None)
    assert (denied.data["by"], denied.data["reason"]) == ("provider", "access_denied")

    sign_in(page, "1002")
    expect(page.get_by_text("not open to this account")).to_be_visible(timeout=PATIENCE)
    settled(page)
    refused = sessions(log)[-1]
    assert (refused.data["by"], refused.data["reason"]) == ("cairn", "not_allowed")
    assert refused.actor == log.people.known("1002"), "an address that is not verified is nobody's"
    assert "session.started" not in [event.kind for event in sessions(log)]
    # The browser looks for the server below the page first, whatever the page.
    ours = [url for url in failed if url.startswith(server.address) and "_stcore" not in url]
    assert ours == [], "nothing is missed on the page that everybody gets"
    told = b"".join(sent)
    assert len(sent) > 10, "the frames were seen"
    for word in (b"Harbour", b"Web _team_", b"Change 1", b"freshness", b"2026"):
        assert word not in told, word
