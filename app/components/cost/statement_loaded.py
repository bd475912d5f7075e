"""Statements and how months stand, made once for each snapshot and what is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

import streamlit as st

from app.components.published import workspace
from app.reports.statement.shown import Shown
from app.viewer import sees_names
from data.configuration import load
from data.costs.statement.as_kept import as_kept
from data.costs.statement.closing import statement_of
from data.costs.statement.content import Statement
from data.costs.statement.kept import Kept
from data.costs.statement.standing import Standing, standings
from data.decisions.book import Book
from data.decisions.cost_period import Closing, Closings, closings
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace

_BY_ID: dict[str | type[Any], Callable[[Any], Any]] = {
    Snapshot: attrgetter("id"),
    Closings: repr,
    Workspace: repr,
}


def closed_months() -> Closings:
    """The months that are closed now.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return closings(Book(workspace().folder))


def organisation() -> str:
    """Whose statements they are."""
    return load(workspace().configuration).organisation.name


def shows_names() -> bool:
    """Whether it is said who closed a month."""
    return sees_names(load(workspace().configuration))


def months(snapshot: Snapshot, closed: Closings) -> tuple[Standing, ...]:
    """How each month stands, the newest first."""
    today, broken = datetime.now(UTC).date(), as_kept(workspace()).broken
    return _months(snapshot, closed, workspace(), organisation(), today, broken)


def shown(snapshot: Snapshot, closed: Closings, month: date, team: str | None = None) -> Shown:
    """The statement of a month.

    Raises:
        CairnError: why there is none.
    """
    kept, own = Kept(workspace().archive), closed.find(month)
    for one in closed.all if own is None else (own,):
        kept.get(one)  # what was damaged meanwhile is not told from memory
    told = _statement(snapshot, closed, workspace(), organisation(), month)
    return Shown(*told, team, shows_names())


@st.cache_resource(max_entries=4, show_spinner="Looking at each month …", hash_funcs=_BY_ID)
def _months(
    snapshot: Snapshot, closed: Closings, of: Workspace, name: str, day: date, broken: int
) -> tuple[Standing, ...]:
    del broken  # a month that was damaged, or put back, stands otherwise
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return standings(snapshot, closed, Kept(of.archive), name, now)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=_BY_ID)
def _statement(
    snapshot: Snapshot, closed: Closings, of: Workspace, name: str, month: date
) -> tuple[Statement, Closing | None]:
    del closed  # a month that is closed has another statement
    return statement_of(of, snapshot, name, month)
