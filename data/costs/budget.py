"""How budgets stand in a month: spent so far, expected at its end, or why nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from data.costs.daily import Daily, daily
from data.costs.forecast import MonthEnd, NoForecast, month_end
from data.costs.part import Part
from data.decisions.budget import Budget, Budgets
from data.store.snapshot import Snapshot


class State(StrEnum):
    """How a budget stands."""

    OVER = "over"
    """More is spent already."""
    GOING_OVER = "going over"
    """More is expected at the month's end."""
    UNDER = "under"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget in a month."""

    budget: Budget
    month: date
    spent: Decimal | None
    """Of the days that bills hold to their end, in the budget's currency; None: not known."""
    complete_until: date | None
    """The day after the last of them."""
    expected: MonthEnd | NoForecast
    why: str | None
    """Why the state is unknown; None: it is not."""

    @property
    def used(self) -> float | None:
        """The share of the amount that is spent."""
        return None if self.spent is None else float(self.spent / self.budget.amount)

    @property
    def state(self) -> State:
        """Over as soon as more is spent; under only where the month's end is known or forecast."""
        if self.spent is not None and self.spent > self.budget.amount:
            return State.OVER
        if self.why is not None or isinstance(self.expected, NoForecast):
            return State.UNKNOWN
        is_over = self.expected.total > self.budget.amount
        return State.GOING_OVER if is_over else State.UNDER


def standings(snapshot: Snapshot, budgets: Budgets, month: date) -> tuple[Standing, ...]:
    """How all budgets of a month stand.

    Args:
        snapshot: whose bills.
        budgets: all that were decided.
        month: its first day.
    """
    return tuple(_standings(snapshot, budgets, month))


def _standings(snapshot: Snapshot, budgets: Budgets, month: date) -> Iterator[Standing]:
    for one in budgets.of(month):
        told = daily(snapshot, Part(team=one.team, service=one.service))
        yield _standing(one, told, month)


def _standing(budget: Budget, told: Daily, month: date) -> Standing:
    expected = month_end(told, month)
    until = told.complete_until
    if told.currency is not None and told.currency != budget.currency:
        other = f"the budget is in {budget.currency}, and costs are told in {told.currency}"
        return Standing(budget, month, None, until, NoForecast(month, None, until, other), other)
    why = expected.why if isinstance(expected, NoForecast) else None
    return Standing(budget, month, expected.spent, until, expected, why)
