"""Telling what went wrong: an answer or a broken connection turned into an error with a fix."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import requests
from requests import Response

from connectors.credential import redact
from connectors.http.errors import (
    Forbidden,
    HttpError,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnexpectedReply,
)
from connectors.http.retry import limit_seconds

_LONGEST_MESSAGE = 200
_REFUSALS: dict[int, tuple[type[HttpError], str]] = {
    401: (Unauthorized, "check that the token is there, right and not expired"),
    403: (Forbidden, "give the token the right to read this"),
    451: (Forbidden, "nothing: the source withholds it for legal reasons"),
    404: (NotFound, "check the name, and that the token may see it: many hosts hide so"),
    410: (NotFound, "nothing, if it was switched off or deleted on purpose"),
}


def failure_of_answer(
    response: Response, where: str, hidden: Sequence[str], now: datetime
) -> HttpError:
    """Returns the error that a final answer of status 400 and above stands for.

    Args:
        response: the answer, with its body.
        where: method and address, safe to show.
        hidden: words that must not be shown, should the server repeat them.
        now: the time by our clock.
    """
    status = response.status_code
    said = _said(response, hidden)
    what = f"answered {status}" + (f": {said}" if said else "")
    limited = limit_seconds(response, 1, now)
    if limited is not None:
        return RateLimited(what, where, now + timedelta(seconds=limited), status)
    if status in _REFUSALS:
        kind, fix = _REFUSALS[status]
        told = _missing_right(response.headers) if kind is Forbidden else ""
        return kind(what, where, told or fix, status, response.headers)
    if status >= 500:
        fix = "sync again when the source is well"
        return Unavailable(what, where, fix, status, response.headers)
    fix = "check that the source's version is one that is supported"
    return UnexpectedReply(what, where, fix, status, response.headers)


def failure_of_transport(error: requests.RequestException, where: str) -> HttpError:
    """Returns the error for a question that got no answer."""
    if isinstance(error, requests.exceptions.SSLError):
        fix = "name your organisation's certificates in REQUESTS_CA_BUNDLE"
        return Unavailable(f"the certificate was not accepted: {_cause(error)}", where, fix)
    if isinstance(error, requests.exceptions.ProxyError):
        what, fix = f"the proxy failed: {_cause(error)}", "check HTTPS_PROXY and NO_PROXY"
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        what, fix = "no connection in time", "check the address, the network and the proxy"
    elif isinstance(error, requests.exceptions.Timeout):
        what, fix = "no answer in time", "sync again when the source is faster"
    elif isinstance(error, requests.exceptions.ChunkedEncodingError):
        what, fix = "the answer broke off", "sync again; if it stays, ask for smaller pages"
    else:
        what = f"no connection: {_cause(error)}"
        fix = "check the address, the network and the proxy"
    return Unavailable(what, where, fix)


def _missing_right(headers: Mapping[str, str]) -> str:
    """What would help, where the server says it in its headers as GitHub does."""
    if "required" in headers.get("X-GitHub-SSO", ""):
        return "authorise the token for single sign-on of the organisation, in its settings"
    accepted = headers.get("X-Accepted-GitHub-Permissions", "")
    if accepted:
        return f"give the token {redact(accepted)}"
    scopes, has = headers.get("X-Accepted-OAuth-Scopes", ""), headers.get("X-OAuth-Scopes", "")
    if scopes and not set(_words(scopes)) & set(_words(has)):
        return f"give the token one of the scopes {redact(', '.join(_words(scopes)))}"
    return ""


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _said(response: Response, hidden: Sequence[str]) -> str:
    """The server's own words, which often name the right that is missing."""
    try:
        told = json.loads(response.content)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    named = [str(told[name]) for name in ("error", "error_description") if told.get(name)]
    words = told.get("message") or ": ".join(named) or told.get("detail") or ""
    return redact(" ".join(str(words).split()), hidden)[:_LONGEST_MESSAGE]


def _cause(error: BaseException) -> str:
    """The innermost reason: what lies around it repeats the address and the objects' names."""
    chain = [error]
    while len(chain) < 10:
        last = chain[-1]
        inner = [last.__cause__, last.__context__, getattr(last, "reason", None), *last.args[:1]]
        found = next((e for e in inner if isinstance(e, BaseException) and e not in chain), None)
        if found is None:
            break
        chain.append(found)
    for cause in reversed(chain):
        if isinstance(cause, OSError) and cause.strerror:
            return redact(cause.strerror)
    return type(chain[-1]).__name__
