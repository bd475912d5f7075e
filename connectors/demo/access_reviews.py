"""A review of access in the invented organisation: all rights of October, and one to be removed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from connectors.demo.access_told import Rights
from connectors.demo.governance import governance
from connectors.demo.organisation import organisation
from data.decisions.access_review import KIND, Verdict, access_reviews
from data.decisions.book import Book
from data.decisions.member import Member
from data.decisions.reviewing import Chosen, Taken, close, decide, start
from data.decisions.scope import ORGANISATION

_SEED = 7
_DAY = date(2026, 10, 5)
_TAKEN_AT = datetime(2026, 10, 5, tzinfo=UTC)
_STARTED_AT = datetime(2026, 10, 5, 8, 20, tzinfo=UTC)
_DECIDED_AT = datetime(2026, 10, 8, 13, 5, tzinfo=UTC)
_CLOSED_AT = datetime(2026, 10, 9, 9, 40, tzinfo=UTC)
_BOARD = "governance board"
_REMOVED = {"ext.lamplight": "nothing was written for the shop since February"}
_KEPT = "the lead of the team was asked"


def decide_access_reviews(folder: Path) -> None:
    """Records it, once: what was to be removed is still there weeks later.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    if any(book.decisions(kind=KIND)):
        return
    taken = Taken(ORGANISATION, "demo-2026-10-05", _TAKEN_AT, _members())
    made = start(book, taken, date(2026, 10, 31), (_BOARD, "the third quarter"), _STARTED_AT)
    (review,) = access_reviews(book)
    chosen = [_chosen(one) for one in review.members]
    decide(book, made.id, chosen, _BOARD, _DECIDED_AT)
    close(book, made.id, (_BOARD, "every lead has answered"), _CLOSED_AT)


def _members() -> list[Member]:
    """The rights as the organisation's hosts told them on the day."""
    told = Rights(_SEED, organisation(), governance(), _DAY).tell()
    fields = [dict(one.fields) for one in told if one.entity == "member_access"]
    return [
        Member(
            source="demo",
            account=one["subject"],
            scope=one["scope"],
            kind=one["kind"],
            role=one["role"],
            has_two_factor=one.get("has_two_factor"),
            last_used_at=datetime.fromtimestamp(one["last_used_at"], UTC),
        )
        for one in fields
    ]


def _chosen(member: Member) -> Chosen:
    why = _REMOVED.get(member.account)
    verdict = Verdict.KEEP if why is None else Verdict.REMOVE
    return Chosen(member.id, verdict, why or _KEPT)
