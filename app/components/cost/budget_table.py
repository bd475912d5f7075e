"""Budgets of a month: what is spent, what is expected at its end, and which are overspent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import streamlit as st

from app.components.cost.budget_setting import budget_setting
from app.components.cost.filled import filled
from app.components.cost.forecast_line import basis, forecast_line
from app.components.cost.money import amount_column, in_units, money
from app.components.published import workspace
from app.wording import plain
from data.costs.budget import Standing, State, standings
from data.costs.daily import daily
from data.costs.forecast import MonthEnd, NoForecast, month_end
from data.costs.part import Part
from data.decisions.book import Book
from data.decisions.budget import Budgets, budgets
from data.period import Grain, following
from data.store.snapshot import Snapshot

_SIGNS = {
    State.OVER: "✗ over",
    State.GOING_OVER: "↗ going over",
    State.UNDER: "✓ under",
    State.UNKNOWN: "? not known",
}


@dataclass(frozen=True, slots=True)
class Budgeted:
    """What is known of the budgets of a month."""

    month: date
    standings: tuple[Standing, ...]
    expected: tuple[MonthEnd | NoForecast, ...]
    """What the month comes to, and the one after it."""
    currency: str | None
    """In which costs are told."""
    team: str | None = None
    """Whose they are; None: of all."""


def of_budgets(snapshot: Snapshot, month: date, team: str | None = None) -> Budgeted:
    """How budgets stand, and what months come to: of a team, or of all."""
    held = budgets(Book(workspace().folder))
    return _of_budgets(snapshot, held, month, team)


@st.cache_resource(
    max_entries=64, show_spinner=False,
    hash_funcs={Snapshot: attrgetter("id"), Budgets: repr},
)  # fmt: skip
def _of_budgets(snapshot: Snapshot, held: Budgets, month: date, team: str | None) -> Budgeted:
    found = standings(snapshot, held, month)
    told = daily(snapshot, Part(team=team))
    months = (month, following(month, Grain.MONTH))
    return Budgeted(
        month,
        tuple(one for one in found if team is None or one.budget.team == team),
        tuple(month_end(told, each) for each in months),
        told.currency,
        team,
    )


def budget_table(told: Budgeted, titles: Mapping[str, str]) -> None:
    """Shows what months come to, and how budgets stand.

    Args:
        told: the budgets of a month.
        titles: of teams.
    """
    found = told.standings
    for one in told.expected:
        st.markdown(forecast_line(one, told.currency))
    st.markdown(f":small[{basis(told.currency)}]")
    if not found:
        st.markdown(f"No budget is set for {told.month:%B %Y}. Decide one:")
        first = told.expected[0]
        amount = first.total if isinstance(first, MonthEnd) else None
        how = budget_setting(amount, told.currency or "EUR", told.month, told.team)
        st.code(how, language=None)
        return
    st.dataframe(
        filled([_line(one, titles) for one in found], "Spent", "Used", "Expected"),
        hide_index=True,
        placeholder="–",
        height="content" if len(found) <= 12 else 460,
        column_config=_columns({one.budget.currency for one in found}),
        alt="One row a budget: its amount, what is spent of it, what is expected, and its state",
    )  # fmt: skip


def overspent(told: Budgeted, titles: Mapping[str, str]) -> str | None:
    """Which budgets are over or going over, in a line of Markdown; None: none is."""
    over = [one for one in told.standings if one.state in (State.OVER, State.GOING_OVER)]
    if not over:
        return None
    which = ", ".join(
        f"**{plain(_whose(one, titles))}** {one.state.value} "
        f"{plain(money(one.budget.amount, one.budget.currency))}"
        for one in over
    )
    return f"Budgets of {told.month:%B %Y}: {which}."


def _whose(one: Standing, titles: Mapping[str, str]) -> str:
    team = one.budget.team
    named = [titles.get(team, team) if team else "", one.budget.service or ""]
    return " · ".join(name for name in named if name) or "All cost"


def _line(one: Standing, titles: Mapping[str, str]) -> dict[str, Any]:
    currency, expected = one.budget.currency, one.expected
    total = expected.total if isinstance(expected, MonthEnd) else None
    return {
        "Budget": _whose(one, titles),
        "State": _SIGNS[one.state],
        "A month": in_units(one.budget.amount, currency),
        "Spent": None if one.spent is None else in_units(one.spent, currency),
        "Used": None if one.used is None else one.used * 100,
        "Expected": None if total is None else in_units(total, currency),
        "Currency": currency,
        "Since": f"{one.budget.start:%Y-%m}",
        "Decided for": one.budget.reason,
        "Why not known": one.why,
    }


def _columns(currencies: Collection[str]) -> dict[str, Any]:
    config = st.column_config
    return {
        "Budget": config.TextColumn(width=140),
        "State": config.TextColumn(width=100),
        "A month": amount_column(*currencies),
        "Spent": amount_column(
            *currencies, help="Effective cost of the days that bills hold to their end."
        ),
        "Used": config.ProgressColumn(format="%.1f %%", min_value=0, max_value=100, width=130),
        "Expected": amount_column(
            *currencies, help="At the end of the month; of one that is over, its sum."
        ),
        "Decided for": config.TextColumn(width=230),
    }
