"""A limit that GitHub tells inside an answer of status 200, as it may to a question."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from connectors.credential import redact
from connectors.http.budget import rate_window
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply
from connectors.http.retry import retry_after_seconds, server_now
from connectors.interface import Json

_WORDS = re.compile(r"(?i)rate limit|abuse detection")
_TYPES = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_LONGEST_BYTES = 4096
"""An answer that says no more than this is short."""
_PAUSE_SECONDS = 60.0


def refuse_limit(reply: Reply, now: datetime) -> None:
    """Takes a limit for what it is, also if the status says that all is well.

    Raises:
        RateLimited: if the answer tells of nothing else.
    """
    said = _said(reply)
    if said is not None:
        raise RateLimited(redact(said)[:200], reply.where, _reset_at(reply, now), reply.status)


def _said(reply: Reply) -> str | None:
    """The host's words, if it answered with a limit instead of data."""
    if len(reply.body) > _LONGEST_BYTES:
        return None
    answer = reply.json()
    if not isinstance(answer, dict) or answer.get("data"):
        return None
    told = answer.get("errors")
    refusals: list[Json] = [answer, *(told if isinstance(told, list) else ())]
    for refusal in refusals:
        message = str(refusal.get("message") or "") if isinstance(refusal, dict) else ""
        if message and (refusal.get("type") in _TYPES or _WORDS.search(message)):
            return " ".join(message.split())
    return None


def _reset_at(reply: Reply, now: datetime) -> datetime:
    seconds = retry_after_seconds(reply.headers, now)
    window = rate_window(reply.headers, now, server_now(reply.headers, now))
    if seconds is None and window is not None and window.remaining == 0:
        return window.reset_at
    return now + timedelta(seconds=_PAUSE_SECONDS if seconds is None else seconds)
