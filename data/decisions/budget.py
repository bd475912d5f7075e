"""Budgets: what a team or a service of bills may cost a month, decided by somebody for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from data.decisions.decision import Act, Decision, Entry, NothingDecided, moment
from data.errors import WrongQuestion

if TYPE_CHECKING:  # engines know budgets, and open no book
    from data.decisions.book import Book

KIND = "budget"
_TOO_MUCH = Decimal(10) ** 18
ALL = "all cost"
"""The subject of a budget that is for no service alone."""


class BudgetRefused(WrongQuestion):
    """A budget is asked for that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A decision that holds for some months: what may be spent in each."""

    id: str
    """Of the decision."""
    team: str | None
    """Whose cost, with the teams below it; None: that of all."""
    service: str | None
    """Service as bills call it; None: every one."""
    amount: Decimal
    """A month."""
    currency: str
    start: date
    """First day of its first month."""
    until: date | None
    """First day of the month after its last; None: it goes on."""
    reason: str
    actor: str
    decided_at: datetime

    def covers(self, month: date) -> bool:
        """Whether it holds for the month that begins on a day."""
        return self.start <= month and (self.until is None or month < self.until)

    @property
    def key(self) -> tuple[str | None, str | None]:
        """Team and service: of each there is one budget a month at most."""
        return self.team, self.service


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody decides of a budget."""

    team: str | None
    service: str | None
    amount: Decimal
    currency: str
    start: date
    until: date | None = None

    def check(self) -> None:
        """Makes sure that it can be meant.

        Raises:
            BudgetRefused: if the amount is not above 0 or finer than a cent, the currency is none,
                or a day is not the first of its month or ends it before it begins.
        """
        if not self.amount.is_finite() or self.amount <= 0:
            raise BudgetRefused(f"a budget of {self.amount}", "", "write an amount above 0")
        if self.amount >= _TOO_MUCH:
            raise BudgetRefused(f"a budget of {self.amount}", "", "write a smaller amount")
        if self.amount != round(self.amount, 2):
            raise BudgetRefused(f"{self.amount} is finer than a cent", "", "round it")
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            what = f"`{self.currency}` is no currency"
            raise BudgetRefused(what, "", "write three capital letters, as `EUR`")
        for day in filter(None, (self.start, self.until)):
            _is_first(day)
        if self.until is not None and self.until <= self.start:
            raise BudgetRefused("it ends before it begins", "", "choose a later end")


@dataclass(frozen=True, slots=True)
class Budgets:
    """All that were ever decided, each with the months that later ones left it."""

    told: tuple[tuple[Budget, bool], ...] = ()
    """In the order of the decisions, each with whether it ends those before it of the same."""

    def of(self, month: date) -> tuple[Budget, ...]:
        """Those that hold for a month, one a team and service, those of all first."""
        held: dict[tuple[str | None, str | None], Budget] = {}
        for one, is_end in self.told:
            if is_end and one.start <= month:
                held.pop(one.key, None)
            elif not is_end and one.covers(month):
                held[one.key] = one
        return tuple(sorted(held.values(), key=lambda one: (one.team or "", one.service or "")))

    def find(self, month: date, team: str | None, service: str | None) -> Budget | None:
        """That of a team and service for a month."""
        return next((one for one in self.of(month) if one.key == (team, service)), None)


NO_BUDGETS = Budgets()


def budgets(book: Book, as_of: datetime | None = None) -> Budgets:
    """All budgets decided until now, or until a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return _read(book.decisions(as_of, KIND))


def set_budget(
    book: Book, wanted: Wanted, by: tuple[str, str], decided_at: datetime | None = None
) -> Decision:
    """Decides what may be spent a month from a month on, instead of what was decided for it.

    Args:
        book: where it is recorded.
        wanted: what is decided.
        by: who decides, and why.
        decided_at: when; default: now.

    Raises:
        BudgetRefused: if it cannot be meant.
        DecisionsRefused: if the book cannot be written.
    """
    wanted.check()
    value = {
        "amount": format(wanted.amount, "f"),
        "currency": wanted.currency,
        "service": wanted.service,
        "from": wanted.start.isoformat(),
        "until": wanted.until.isoformat() if wanted.until else None,
    }
    entry = Entry(KIND, Act.SET, wanted.service or ALL, value, *by, wanted.team)
    return book.add(entry, decided_at)


def end_budget(
    book: Book,
    about: tuple[str | None, str | None],
    month: date,
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides that a team and service have no budget from a month on.

    Args:
        book: where it is recorded.
        about: team and service.
        month: first day of the first month without one.
        by: who decides, and why.
        decided_at: when; default: now.

    Raises:
        BudgetRefused: if the day is not the first of a month.
        NothingDecided: if there is none in that month.
        DecisionsRefused: if the book cannot be written.
    """
    _is_first(month)
    found = _own(budgets(book), about, month)
    value = {
        "amount": format(found.amount, "f"),
        "currency": found.currency,
        "service": found.service,
        "from": month.isoformat(),
        "until": None,
    }
    entry = Entry(KIND, Act.WITHDRAW, found.service or ALL, value, *by, found.team)
    return book.add(entry, decided_at, lambda told, _: _own(_read(told), about, month))


def _own(held: Budgets, about: tuple[str | None, str | None], month: date) -> Budget:
    found = held.find(month, *about)
    if found is None:
        whose = " and ".join(name for name in about if name) or ALL
        what = f"there is no budget of {whose} in {month:%Y-%m}"
        raise NothingDecided(what, "", "see `cairn cost budget list`")
    return found


def _is_first(day: date) -> None:
    if day.day != 1:
        raise BudgetRefused(
            f"{day} is not the first of a month", "", "budgets are for whole months"
        )


def _read(told: Sequence[Decision]) -> Budgets:
    return Budgets(tuple(_each(told)))


def _each(told: Iterable[Decision]) -> Iterable[tuple[Budget, bool]]:
    for one in told:
        until = one.value["until"]
        budget = Budget(
            one.id, one.team, one.value["service"], Decimal(one.value["amount"]),
            one.value["currency"], date.fromisoformat(one.value["from"]),
            date.fromisoformat(until) if until else None, one.reason, one.actor,
            moment(one.decided_at),
        )  # fmt: skip
        yield budget, one.act == Act.WITHDRAW
