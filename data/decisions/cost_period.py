"""Closings: a month whose statement is settled for ever, decided by somebody for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from data.decisions.decision import Act, Decision, Entry, moment

if TYPE_CHECKING:  # engines know closings, and open no book
    from data.decisions.book import Book, Refuse

KIND = "cost_period"


@dataclass(frozen=True, slots=True)
class Closing:
    """A decision that stands for ever: there is no other act."""

    id: str
    """Of the decision."""
    month: date
    """Its first day."""
    sha256: str
    """Of all that the statement says, as it is kept in the archive."""
    snapshot: str
    """From which it was made."""
    reason: str
    actor: str
    decided_at: datetime
    totals: Mapping[str, str] = field(default_factory=dict)
    """By currency, what its lines add up to, as the decision says: exact text."""


@dataclass(frozen=True, slots=True)
class Closings:
    """All months that are closed, oldest first."""

    all: tuple[Closing, ...] = ()

    def find(self, month: date) -> Closing | None:
        """The closing of a month."""
        return next((one for one in self.all if one.month == month), None)

    @property
    def last(self) -> Closing | None:
        """That of the last month."""
        return self.all[-1] if self.all else None


def closings(book: Book, as_of: datetime | None = None) -> Closings:
    """The months that are closed now, or were at a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return told_by(book.decisions(as_of, KIND))


def told_by(decisions: Sequence[Decision]) -> Closings:
    """What decisions of closing amount to."""
    return Closings(tuple(sorted(map(_closing, decisions), key=lambda one: one.month)))


def record(
    book: Book,
    month: date,
    value: Mapping[str, Any],
    by: tuple[str, str],
    refuse: Refuse,
    decided_at: datetime | None = None,
) -> Decision:
    """Records that a month is closed.

    Args:
        book: where.
        month: its first day.
        value: `sha256` of the statement, `snapshot`, its `totals`, and `without` which bills.
        by: who decides, and why.
        refuse: asked when nobody else can write any more.
        decided_at: when; default: now.

    Raises:
        DecisionsRefused: if the book cannot be written.
        CairnError: what `refuse` raises.
    """
    return book.add(Entry(KIND, Act.CLOSE, f"{month:%Y-%m}", value, *by), decided_at, refuse)


def _closing(decision: Decision) -> Closing:
    value = decision.value
    return Closing(
        decision.id,
        date.fromisoformat(f"{decision.subject}-01"),
        value["sha256"],
        value["snapshot"],
        decision.reason,
        decision.actor,
        moment(decision.decided_at),
        value["totals"],
    )
