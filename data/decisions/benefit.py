"""Benefits: what an initiative is worth over some days, by a decision that names its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from data.decisions.decision import Act, Decision, Entry, NothingDecided, moment
from data.errors import WrongQuestion

if TYPE_CHECKING:  # engines know benefits, and open no book
    from data.decisions.book import Book

KIND = "benefit"


class BenefitRefused(WrongQuestion):
    """A benefit is told that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What somebody says that an initiative is worth."""

    initiative: str
    amount: Decimal
    """Below 0: a loss."""
    currency: str
    start: date
    end: date
    """The day after the last that it is for."""
    source: str
    """Where it is from: a document, a report, a link."""

    def check(self) -> None:
        """Makes sure that it can be meant.

        Raises:
            BenefitRefused: if the amount is no number, the currency none, the days are none, or it
                is not said whose it is and where it is from.
        """
        if not self.initiative.strip():
            raise BenefitRefused("no initiative is named", "", "name one")
        if not self.amount.is_finite():
            raise BenefitRefused(f"a benefit of {self.amount}", "", "write an amount")
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            what = f"`{self.currency}` is no currency"
            raise BenefitRefused(what, "", "write three capital letters, as `EUR`")
        if self.end <= self.start:
            raise BenefitRefused("it ends before it begins", "", "choose a later end")
        if not self.source.strip():
            raise BenefitRefused("nobody knows where it is from", "", "name its source")


@dataclass(frozen=True, slots=True)
class Benefit:
    """A decision that holds."""

    id: str
    """Of the decision."""
    worth: Worth
    reason: str
    actor: str
    decided_at: datetime


def benefits(book: Book, as_of: datetime | None = None) -> tuple[Benefit, ...]:
    """Those that hold, now or at a time: of an initiative and its days the last decided.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return _read(book.decisions(as_of, KIND))


def set_benefit(
    book: Book, worth: Worth, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Decides what an initiative is worth, instead of what was decided for the same days.

    Args:
        book: where it is recorded.
        worth: what is decided.
        by: who decides, and why.
        decided_at: when; default: now.

    Raises:
        BenefitRefused: if it cannot be meant, or overlaps with other days of the same initiative.
        DecisionsRefused: if the book cannot be written.
    """
    worth.check()
    entry = Entry(KIND, Act.SET, worth.initiative.strip().lower(), _kept(worth), *by)
    return book.add(entry, decided_at, lambda told, _: _refuse_overlap(_read(told), worth))


def withdraw_benefit(
    book: Book,
    about: tuple[str, date, date],
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides that a benefit holds no longer.

    Args:
        book: where it is recorded.
        about: the initiative, its first day, and the day after the last.
        by: who decides, and why.
        decided_at: when; default: now.

    Raises:
        NothingDecided: if there is none of these days.
        DecisionsRefused: if the book cannot be written.
    """
    found = _own(benefits(book), about)
    entry = Entry(KIND, Act.WITHDRAW, found.initiative, _kept(found), *by)
    return book.add(entry, decided_at, lambda told, _: _own(_read(told), about))


def _own(held: Sequence[Benefit], about: tuple[str, date, date]) -> Worth:
    wanted = (about[0].strip().lower(), *about[1:])
    for one in held:
        if (one.worth.initiative, one.worth.start, one.worth.end) == wanted:
            return one.worth
    what = f"there is no benefit of `{about[0]}` from {about[1]} to {about[2]}"
    raise NothingDecided(what, "", "see `cairn cost return list`")


def _refuse_overlap(held: Sequence[Benefit], worth: Worth) -> None:
    for one in held:
        other = one.worth
        is_same = (other.start, other.end) == (worth.start, worth.end)
        if other.initiative != worth.initiative.strip().lower() or is_same:
            continue
        if other.start < worth.end and worth.start < other.end:
            what = f"a benefit from {other.start} to {other.end} has days in common with it"
            raise BenefitRefused(what, "", "withdraw that, or choose other days")


def _kept(worth: Worth) -> dict[str, str]:
    return {
        "amount": format(worth.amount, "f"),
        "currency": worth.currency,
        "from": worth.start.isoformat(),
        "to": worth.end.isoformat(),
        "source": worth.source,
    }


def _read(told: Sequence[Decision]) -> tuple[Benefit, ...]:
    held: dict[tuple[str, str, str], Benefit] = {}
    for one in told:
        value = one.value
        key = (one.subject, value["from"], value["to"])
        held.pop(key, None)
        if one.act != Act.WITHDRAW:
            worth = Worth(one.subject, Decimal(value["amount"]), value["currency"],
                          date.fromisoformat(value["from"]), date.fromisoformat(value["to"]),
                          value["source"])  # fmt: skip
            held[key] = Benefit(one.id, worth, one.reason, one.actor, moment(one.decided_at))
    return tuple(held.values())
