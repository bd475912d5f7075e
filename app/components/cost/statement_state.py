"""How the month of a statement stands, in words; and what to do where there is none."""

from __future__ import annotations

import streamlit as st

from app.components.cost.statement_loaded import shows_names
from app.components.cost.statement_months import moved_words
from app.reports.statement.shown import Shown
from app.reports.statement.tables import missing_words
from app.wording import message, moment, plain
from data.costs.statement.month import named
from data.costs.statement.standing import Standing
from data.decisions.cost_period import Closings
from data.errors import CairnError


def state_line(one: Standing, team: str | None) -> None:
    """Says what the page is of, who closed it and when, and what changed since."""
    parts = [f"**{one.month:%B %Y}**", plain(team or "all teams"), "billed cost"]
    st.markdown(" · ".join(parts))
    closing = one.closing
    if closing is None:
        return
    who = f" by {plain(closing.actor)}" if shows_names() else ""
    st.markdown(
        f":green-badge[:material/lock: closed]{who} on {moment(closing.decided_at)}: "
        f"{plain(closing.reason)}. :small[SHA-256 of all that it says: `{closing.sha256}`]"
    )
    if moved := moved_words(one.moved):
        st.markdown(
            f":material/history: Changed since: **{plain(moved)}**{_where(one)} The statement is "
            "what was kept; the bills in the box below are those of now."
        )


def missing_line(shown: Shown) -> None:
    """Says which accounts that are due have no bill, or that the month was closed without."""
    words = missing_words(shown)
    if words is not None:
        st.markdown(f":material/hourglass_empty: {words[0]} **{plain(words[1])}**.")


def no_statement(error: CairnError | None) -> None:
    """Says why there is no statement of the month."""
    if error is not None:
        where = f"{plain(error.where)}: " if error.where else ""
        st.error(
            f"**There is no statement.** {where}{message(error.what)}; {message(error.fix)}.",
            icon=":material/block:",
        )


def nothing_billed() -> None:
    """Says that what was read tells of no month that is billed."""
    st.info(
        "Nothing that was read is billed, so that there is no month to tell a statement of. Bring "
        "the bills of the provider, and run `cairn sync`.",
        icon=":material/receipt_long:",
    )


def none_closed(closed: Closings) -> None:
    """Says what closing is for, as long as no month is closed."""
    if not closed.all:
        st.info(
            "No month is closed yet. A month that is closed stays as it was charged, whatever "
            "bills say later: what changes is charged in the first month that is open, in sight.",
            icon=":material/lock_open:",
        )


def _where(one: Standing) -> str:
    months = sorted({each.charged_in for each in one.moved or () if each.charged_in})
    return f", charged in {', '.join(map(named, months))}." if months else "."
