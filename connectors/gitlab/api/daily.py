"""A look, at most once a day, at what tells no time of change.

GitLab does not say that an unchanged answer is free: what is governed seldom changes, and is asked
for seldom. What the token may not see is asked for at each sync, so that a right that was given
shows at once; what is not there waits for the day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.http.errors import Refused
from connectors.interface import Batch, Cursor, Json

LOOK_EVERY = timedelta(hours=23)
"""A day, but for what a sync of every day may begin earlier than the one before."""

_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_WITHHELD = frozenset(
    {"custom_attributes", "group_saml_identity", "ip_address", "key", "scim_identity"}
)
"""Who somebody is elsewhere, where somebody was, and keys, by the names of their fields."""


def is_due(cursor: Cursor | None, name: str, now: datetime) -> bool:
    """Whether a day is over since the last look, or it showed something of another name."""
    known = cursor or {}
    if known.get("name") != name or "looked_at" not in known:
        return True
    return not timedelta() <= now - moment(known["looked_at"]) < LOOK_EVERY


def nothing_new(header: Header, cursor: Cursor) -> Batch:
    """A page without rows, with which it is kept when was looked."""
    return Batch(write_page({**header, "is_unchanged": True}), dict(cursor))


def digest_of(*told: Json) -> str:
    """Tells one state of what was told from another."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def to_archive(answer: Json) -> bytes:
    """An answer as it is archived; the same answer gives the same bytes."""
    return json.dumps(_without_withheld(answer), separators=(",", ":"), sort_keys=True).encode()


def refusal(error: Refused) -> dict[str, Json]:
    """What is kept of a refusal until the next look."""
    return {"status": error.status or 0, "what": error.what}


def is_absent(told: Mapping[str, Json]) -> bool:
    """Whether a refusal says that there is no such thing, rather than that a right is missing."""
    return told["status"] in _ABSENT


def answers_of(header: Header, answers: Sequence[Json]) -> Mapping[str, Json]:
    """The answers of a page by the names of their questions."""
    return dict(zip(header.get("asked", ()), answers, strict=True))


def _without_withheld(answer: Json) -> Json:
    if isinstance(answer, dict):
        kept = {name: value for name, value in answer.items() if name not in _WITHHELD}
        return {name: _without_withheld(value) for name, value in kept.items()}
    if isinstance(answer, list):
        return [_without_withheld(value) for value in answer]
    return answer
