"""What people say of an anomaly of cost: that they look at it, why it is so, or that it is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from data.decisions.decision import Act, Decision, Entry, moment
from data.errors import WrongQuestion

if TYPE_CHECKING:  # engines know what was decided, and open no book
    from data.decisions.book import Book

KIND = "cost_anomaly"


class Verdict(StrEnum):
    """What is said of it."""

    ACKNOWLEDGED = "acknowledged"
    """Somebody looks at it."""
    EXPLAINED = "explained"
    """It was unusual, and the reason says why."""
    DISMISSED = "dismissed"
    """It was nothing: the rule saw wrong."""


class AnomalyRefused(WrongQuestion):
    """Something is said of an anomaly that there is not, or that was answered."""


@dataclass(frozen=True, slots=True)
class About:
    """The anomaly that is meant, as it was when somebody decided."""

    id: str
    team: str | None
    service: str
    provider: str
    kind: str
    first: date
    last: date
    amount: str
    """More or less than expected, as exact text."""
    currency: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an anomaly."""

    id: str
    """Of the decision."""
    about: About
    verdict: Verdict
    reason: str
    actor: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class AllSaid:
    """All that was said, in its order."""

    all: tuple[Said, ...] = ()

    def of(self, about: About) -> tuple[Said, ...]:
        """What was said of an anomaly, also when later bills moved its first day a little."""
        return tuple(one for one in self.all if _is_same(one.about, about))


NOTHING_SAID = AllSaid()


def _is_same(one: About, other: About) -> bool:
    if one.id == other.id:
        return True
    alike = (one.team, one.service, one.provider, one.kind)
    is_alike = alike == (other.team, other.service, other.provider, other.kind)
    return is_alike and one.first <= other.last and other.first <= one.last


def said(book: Book, as_of: datetime | None = None) -> AllSaid:
    """All that was said until now, or until a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return _read(book.decisions(as_of, KIND))


def say(
    book: Book,
    about: About,
    verdict: Verdict,
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Records what somebody says of an anomaly.

    Args:
        book: where it is recorded.
        about: the anomaly.
        verdict: what is said.
        by: who says it, and why.
        decided_at: when; default: now.

    Raises:
        AnomalyRefused: if the same was said last, or an answer is there and it is acknowledged.
        DecisionsRefused: if the book cannot be written.
    """
    value: Mapping[str, str | None] = {
        "verdict": verdict.value,
        "service": about.service,
        "provider": about.provider,
        "kind": about.kind,
        "first": about.first.isoformat(),
        "last": about.last.isoformat(),
        "amount": about.amount,
        "currency": about.currency,
    }
    entry = Entry(KIND, Act.DECIDE, about.id, value, *by, about.team)
    return book.add(entry, decided_at, lambda told, _: _refuse(_read(told), about, verdict))


def _refuse(told: AllSaid, about: About, verdict: Verdict) -> None:
    before = told.of(about)
    if not before:
        return
    last = before[-1]
    if last.verdict is verdict or verdict is Verdict.ACKNOWLEDGED:
        what = f"`{about.id}` was {last.verdict} by {last.actor} already"
        raise AnomalyRefused(what, "", "explain or dismiss it to say something else")


def _read(told: Sequence[Decision]) -> AllSaid:
    return AllSaid(tuple(_said(one) for one in told))


def _said(one: Decision) -> Said:
    value = one.value
    about = About(
        one.subject, one.team, value["service"], value["provider"], value["kind"],
        date.fromisoformat(value["first"]), date.fromisoformat(value["last"]), value["amount"],
        value["currency"],
    )  # fmt: skip
    return Said(one.id, about, Verdict(value["verdict"]), one.reason, one.actor,
                moment(one.decided_at))  # fmt: skip
