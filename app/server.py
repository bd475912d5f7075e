"""The ASGI application: pages, `GET /health`, event intake, security headers on every answer."""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util

from app.access.required import hush, required, secrets
from app.access.watch import Watch
from app.components.published import workspace
from app.components.warming import warming
from app.intake.route import Intake
from data.errors import CairnError
from data.store.manifest import NothingPublished, current_id, snapshot_path
from data.store.workspace import Workspace

_MAIN = Path(__file__).with_name("main.py")
_INDEX = Path(st.__file__).parent / "static" / "index.html"


def content_security_policy(index: str) -> str:
    """What a page may load: only what this server serves.

    The scripts written into Streamlit's own page are allowed by their hash. It writes styles into
    pages as it goes, hence `unsafe-inline` for styles; nothing evaluates text as code.

    Args:
        index: the HTML of Streamlit's page.
    """
    inline = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline)
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'sha256-{d}'" for d in digests)])
    rules = {
        "default-src": "'self'",
        "script-src": scripts,
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class SecurityHeaders:
    """Adds the headers to every answer, whoever made it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        headers = {
            "content-security-policy": content_security_policy(_INDEX.read_text("utf-8")),
            "x-frame-options": "DENY",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
        }
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and adds the headers to the start of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def health(workspace: Workspace) -> dict[str, str | None]:
    """Which snapshot is served and until when it is complete; `status` is ok, empty or damaged."""
    snapshot: str | None = None
    try:
        snapshot = current_id(workspace)
        path = snapshot_path(workspace, snapshot)
        manifest = json.loads(path.with_suffix(".json").read_bytes())
        as_of = datetime.fromisoformat(manifest["as_of"]).isoformat()
        path.stat()
    except NothingPublished:
        return {"status": "empty", "snapshot": None, "as_of": None}
    except (CairnError, OSError, ValueError, LookupError, TypeError):
        return {"status": "damaged", "snapshot": snapshot, "as_of": None}
    return {"status": "ok", "snapshot": snapshot, "as_of": as_of}


def _ask_nobody() -> None:
    """No address: Streamlit would ask a server on the Internet which one this machine has.

    It does so to see whether a foreign page may open a connection, and everybody waits meanwhile.
    """


net_util.get_external_ip = _ask_nobody


async def _health(_: Request) -> JSONResponse:
    state = health(workspace())
    return JSONResponse(state, status_code=503 if state["status"] == "damaged" else 200)


def _load(is_ending: threading.Event) -> None:
    """Loads what pages need. It stays as long as the server.

    To search it for garbage would stop everybody for a tenth of a second, again and again.
    """
    for _ in warming():
        if is_ending.is_set():
            return
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _warmed(_: st.App) -> AsyncIterator[None]:
    """Loads what the first page needs while the browser is still on its way."""
    is_ending = threading.Event()
    loading = threading.Thread(target=_load, args=(is_ending,), name="warm", daemon=True)
    loading.start()
    yield
    is_ending.set()
    loading.join(timeout=15)  # what it holds is let go of before the interpreter ends
    gc.unfreeze()


def _made(served: Workspace) -> st.App:
    sign_in = required(served.configuration)
    middleware = [Middleware(SecurityHeaders)]
    if sign_in is not None:
        hush()
        middleware.append(Middleware(Watch, sign_in, served.folder))
    return st.App(
        _MAIN,
        secrets=None if sign_in is None else secrets(sign_in, served.folder),
        lifespan=_warmed,
        routes=[Route("/health", _health), Intake(workspace)],
        middleware=middleware,
    )


app = _made(workspace())
