"""Watches over sign-ins as they pass through the server, and has them logged.

Streamlit talks to the provider itself. What it answered tells how that ended: a signed cookie with
who it is, or none. So each sign-in is noticed once, however many windows are open.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.url_util import make_url_path
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import (
    AUTH_COOKIE_MAX_AGE_SECONDS,
    USER_COOKIE_NAME,
)

from app.access.noted import note
from app.access.person import Person, person
from app.access.standing import ENDED, Standing, is_allowed, standing, until
from app.access.unlogged import UNLOGGED
from app.intake.bucket import Bucket
from data.configuration import SignInSettings
from data.configuration.sign_in import RETURN_PATH
from data.trail import sessions
from data.trail.sessions import By, Session

_SIGN_OUT_PATH = "/auth/logout"
_FILES_PATH = "media/"
"""Where pages put files to be taken: their address alone opens none."""
_REFUSALS_A_SECOND = 0.2
"""More than that are not logged: whoever can reach the pages can have them written."""
_REASONS = frozenset(
    {
        # RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6
        "access_denied", "account_selection_required", "consent_required", "interaction_required",
        "invalid_request", "invalid_scope", "login_required", "server_error",
        "temporarily_unavailable", "unauthorized_client", "unsupported_response_type",
    }
)  # fmt: skip
_LOG = logging.getLogger(__name__)


class Watch:
    """Logs sign-ins and sign-outs, and keeps files and cookies from outliving a sign-in."""

    def __init__(self, app: ASGIApp, settings: SignInSettings, folder: Path) -> None:
        self._app = app
        self._settings = settings
        self._folder = folder
        self._bucket = Bucket(_REFUSALS_A_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and looks at the answer before it leaves."""
        path = scope["path"] if scope["type"] == "http" else ""
        files = make_url_path(st.get_option("server.baseUrlPath"), _FILES_PATH)
        if path.startswith(files) and not self._is_let_in(scope):
            await Response(status_code=403)(scope, receive, send)
            return
        if path.endswith(_SIGN_OUT_PATH):
            await to_thread.run_sync(self._left, dict(Request(scope).cookies))
        if not path.endswith(RETURN_PATH):
            await self._app(scope, receive, send)
            return
        if not scope["query_string"]:  # back from signing out at the provider
            await RedirectResponse(path.removesuffix(RETURN_PATH) + "/")(scope, receive, send)
            return

        async def send_watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                given = _given(headers)
                await to_thread.run_sync(self._came_back, scope, given)
                message["headers"] = [self._guarded(*one) for one in headers.raw]
            await send(message)

        await self._app(scope, receive, send_watched)

    def _is_let_in(self, scope: Scope) -> bool:
        who = _who(Request(scope).cookies)
        return standing(self._settings, who, datetime.now(UTC)).is_let_in

    def _came_back(self, scope: Scope, given: Mapping[str, str]) -> None:
        who, now = _who(given), datetime.now(UTC)
        if who is None:
            self._refused_elsewhere(scope, now)
        elif is_allowed(self._settings, who):
            session, end = _session(who, now), until(self._settings, who)
            trouble = note(self._folder, partial(sessions.started, session, end))
            UNLOGGED.tell(who.session, trouble)
        else:
            self._refused(_session(who, now), By.CAIRN, "not_allowed")

    def _left(self, cookies: Mapping[str, str]) -> None:
        who, now = _who(cookies), datetime.now(UTC)
        if who is None or standing(self._settings, who, now) is not Standing.SIGNED_IN:
            return
        ENDED.add(who.session)
        note(self._folder, partial(sessions.ended, _session(who, now)))

    def _refused_elsewhere(self, scope: Scope, now: datetime) -> None:
        """Only for a browser that began to sign in here: others send what they like."""
        begun = sorted(name for name in scope.get("session", ()) if name.startswith("_state_"))
        query = Request(scope).query_params
        if begun and "error" in query:
            told = query["error"]
            reason = told if told in _REASONS else "other"
            self._refused(_tried(begun, now), By.PROVIDER, reason)
        elif begun and "code" in query:
            self._refused(_tried(begun, now), By.CAIRN, "not_verified")

    def _refused(self, session: Session, by: By, reason: str) -> None:
        if self._bucket.take():
            _LOG.warning("too many sign-ins are refused: this one is not logged")
            return
        note(self._folder, lambda people: sessions.refused(session, by, reason, people))

    def _guarded(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        """A header; of a cookie with who somebody is, for as long as a sign-in holds."""
        if name.lower() != b"set-cookie" or not value.startswith(USER_COOKIE_NAME.encode()):
            return name, value
        given = f"Max-Age={AUTH_COOKIE_MAX_AGE_SECONDS}".encode()
        value = value.replace(given, f"Max-Age={self._settings.hours * 3600}".encode())
        return name, value + b"; Secure" if self._settings.is_encrypted else value


def _given(headers: MutableHeaders) -> dict[str, str]:
    """The cookies that an answer sets."""
    found: dict[str, str] = {}
    for line in headers.getlist("set-cookie"):
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(line)
        except CookieError:
            continue
        found.update({name: morsel.value for name, morsel in cookie.items() if morsel.value})
    return found


def _who(cookies: Mapping[str, str]) -> Person | None:
    """Who the cookies say it is, if this server has signed them."""

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(get_cookie_secret(), name, value)

    content = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    try:
        claims: Any = json.loads(content or b"null")
    except ValueError:
        return None
    return person(claims) if isinstance(claims, dict) else None


def _session(who: Person, now: datetime) -> Session:
    return Session(id=who.session, at=now, account=who.account, issuer=who.issuer)


def _tried(begun: list[str], now: datetime) -> Session:
    """A sign-in that came to nothing, by what its browser has begun."""
    told = "\n".join(begun).encode()
    return Session(id=hashlib.sha256(told).hexdigest()[:32], at=now, account=None)
