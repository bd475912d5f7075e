"""The sidebar of the page of statements: a month, and a team or all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from app.components.address import Address
from app.components.cost.opened import OPEN
from app.components.cost.statement_months import MONTH
from app.components.filters import choice
from data.costs.statement.content import Statement
from data.costs.statement.month import month_of, named
from data.costs.statement.standing import Standing

_TEAM = "team"


def address_of(found: Sequence[Standing]) -> Address:
    """What the page keeps in its address: first the last month that is closed, else the first."""
    closed = (one.month for one in found if one.closing is not None)
    usual = next(closed, found[-1].month)
    return Address("statements", {MONTH: named(usual), _TEAM: "", OPEN: ""})


def month_asked(address: Address, found: Sequence[Standing]) -> date:
    """Asks for a month."""
    titles = {named(one.month): f"{one.month:%B %Y}" for one in found}
    with st.sidebar:
        return month_of(choice(address, "Billing month", MONTH, list(titles), titles))


def team_asked(address: Address, told: Statement | None, names: dict[str, str]) -> str | None:
    """Asks for one of the teams that have something of the statement; None: all.

    Args:
        address: of the page.
        told: the statement; None: there is none.
        names: what teams are called.
    """
    teams = told.teams if told else ()
    titles = {"": "All teams", **{team: names.get(team, team) for team in teams}}
    with st.sidebar:
        return choice(address, "Team", _TEAM, list(titles), titles) or None
