"""Which months are closed and what changed of them since; which are open, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.money import amount_column, number
from app.components.openable import openable
from app.viewer import unnamed
from app.wording import listed, message, plain
from data.costs.statement.month import named
from data.costs.statement.standing import Moved, Standing

MONTH = "month"
"""Key of the address: the month whose statement is shown."""
_NOT_KNOWN = "not known: what was kept is damaged"


def month_table(found: Sequence[Standing], *, sees_names: bool) -> None:
    """Lists the months, the newest first; a row opens the statement of its month."""
    for words in _why_open(found):
        st.markdown(words)
    currencies = sorted({name for one in found if one.closing for name in one.closing.totals})
    lines = [_line(one, currencies) for one in found]
    openable(
        unnamed(lines, ("Closed by",), sees_names=sees_names),
        _opening(found),
        key=f"months {[(one.month, one.is_settled) for one in found]}",
        columns=_columns(currencies),
        tall=(27, 985),
        alt="One row a billing month: whether it is closed, what was charged, what changed of it "
        "since and where that is charged, and whether an open one can be closed",
    )


def state_of(one: Standing) -> str:
    """How a month stands, in a word or two."""
    if one.closing is not None:
        return "closed"
    return "settled, no statement" if one.is_settled else "open"


def moved_words(moved: Sequence[Moved] | None) -> str | None:
    """What changed of a month since it was closed; None: nothing."""
    if moved is None:
        return _NOT_KNOWN
    return "; ".join(f"{_amounts(one)} {one.currency}" for one in moved) or None


def why_open(one: Standing) -> str:
    """Why a month that is named already cannot be closed, and what to do: as Markdown."""
    if one.why is None:
        return ""
    where = one.why.where if one.why.where != named(one.month) else ""
    told = f"{message(one.why.what)}; {message(one.why.fix)}"
    return f"{plain(where)}: {told}" if where else told


def _opening(found: Sequence[Standing]) -> Callable[[int | None], None]:
    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state[MONTH] = named(found[at].month)

    return choose


def _line(one: Standing, currencies: Sequence[str]) -> dict[str, Any]:
    closing = one.closing
    totals = {} if closing is None else closing.totals
    return {
        "Month": named(one.month),
        "State": state_of(one),
        "Can it be closed?": _closable(one),
        **{name: _total(totals.get(name)) for name in currencies},
        "Changed since": moved_words(one.moved),
        "Charged in": _charged_in(one.moved),
        "Closed (UTC)": f"{closing.decided_at:%Y-%m-%d %H:%M}" if closing else None,
        "Closed by": closing.actor if closing else None,
        "Why": closing.reason if closing else None,
        "SHA-256": closing.sha256 if closing else None,
        "Decision": closing.id if closing else None,
    }


def _total(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _amounts(one: Moved) -> str:
    """Net, and both sides where something went from one to another."""
    net = f"{'+' if one.amount >= 0 else ''}{number(one.amount, one.currency)}"
    if not (one.more and one.less):
        return net
    sides = f"+{number(one.more, one.currency)} and {number(one.less, one.currency)}"
    return f"{net} ({sides})"


def _charged_in(moved: Sequence[Moved] | None) -> str | None:
    months: set[date | None] = {one.charged_in for one in moved or ()}
    told = [named(one) for one in sorted(one for one in months if one is not None)]
    return (
        ", ".join([*told, *(["the next month that has bills"] if None in months else [])]) or None
    )


def _closable(one: Standing) -> str | None:
    if one.is_settled:
        return None
    if one.missing:
        return "bills are missing"
    return "yes" if one.why is None else "no"


def _why_open(found: Sequence[Standing]) -> list[str]:
    """Why months cannot be closed, in full, each as a line of Markdown; the newest month first."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        if one.is_settled or one.why is None:
            continue
        reasons.setdefault(why_open(one), []).append(named(one.month))
    return [
        f":material/lock_open: **{listed(months, 3)}** cannot be closed yet: {why}."
        for why, months in reasons.items()
    ]


def _columns(currencies: Sequence[str]) -> dict[str, Any]:
    config = st.column_config
    return {
        "Month": config.TextColumn(width=70),
        "State": config.TextColumn(width=75),
        **{
            name: amount_column(name, help=f"Charged in {name} when it was closed, in whole cents.")
            for name in currencies
        },
        "Changed since": config.TextColumn(
            width=135,
            help="What bills or rules say of the month now, less what was charged for it.",
        ),
        "Charged in": config.TextColumn(width=85, help="The month whose statement has the change."),
        "Can it be closed?": config.TextColumn(width=120),
        "Closed (UTC)": config.TextColumn(width=125),
        "Closed by": config.TextColumn(width=110),
        "Why": config.TextColumn(width=200),
        "SHA-256": config.TextColumn(width=120, help="Of all that the statement says."),
        "Decision": config.TextColumn(width=120),
    }
