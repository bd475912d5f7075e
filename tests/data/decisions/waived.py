"""Waivers for tests: asked for and answered on days of June 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import Book
from data.decisions.scope import Scope, parse_scope
from data.decisions.waiving import Request, Rules, request

DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KNOWN = ("CM-02", "CM-03")


def known(_control: str, scope: Scope) -> int:
    return 0 if "gone" in scope.name else 3


RULES = Rules(WaiverSettings(), KNOWN.__contains__, known)


def asked(**fields: Any) -> Request:
    """A request that may be asked for on `DAY`."""
    told: dict[str, Any] = {
        "control": "CM-02",
        "scope": "team:web",
        "reason": WaiverReason.RISK_ACCEPTED,
        "justification": "the team is being enlarged",
        "requester": "m.alder",
        "until": DAY + timedelta(days=30),
        **fields,
    }
    return Request(**{**told, "scope": parse_scope(told["scope"])})


def ask(book: Book, at: datetime = NOON, **fields: Any) -> str:
    """Asks for a waiver; its id."""
    return request(book, asked(**fields), RULES, at).id
