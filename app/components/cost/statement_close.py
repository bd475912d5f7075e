"""Closing a month from the page: with a reason, once it is said that nothing opens it again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from app.components.cost.statement_loaded import organisation
from app.components.cost.statement_months import why_open
from app.components.decisions.act import decide, outcome
from app.components.decisions.actor import actor, may_decide
from app.components.published import reopened, workspace
from app.deciding.who import by
from app.wording import plain
from data.costs.statement.closing import close
from data.costs.statement.content import Missing
from data.costs.statement.month import named
from data.costs.statement.refusal import CloseRefused
from data.costs.statement.standing import Standing

_WHY = "why the month is closed"
_SURE = "nothing opens the month again"
_WITHOUT = "closed without a bill of"
_SLOT = "closing of a month"


def closing_of(one: Standing, snapshot: str, *, is_told: bool) -> None:
    """Says whether a month that is open can be closed, and takes the decision where that may be.

    Args:
        one: how the month stands.
        snapshot: that the page is made from: what is closed is what is shown.
        is_told: whether it has a statement; else the page says why not.
    """
    outcome(_SLOT)
    if one.is_settled or not is_told:
        return
    with st.container(border=True):
        if one.why is not None and not one.missing:
            st.markdown(
                f":material/lock_open: **Open, and cannot be closed yet**: {why_open(one)}."
            )
            return
        st.markdown(_waits() if one.missing else _ready())
        if may_decide():
            _form(one.month, one.missing, snapshot)
        else:
            folder = shlex.quote(str(workspace().folder))
            said = "".join(f"--without {shlex.quote(bill.name)} " for bill in one.missing)
            told = f"cairn --data {folder} cost close {named(one.month)} {said}--reason …"
            st.code(told, language=None)


def _ready() -> str:
    return (
        ":material/lock_open: **Open, and can be closed.** Then its statement stays as it is, "
        "and what changes later is charged in the first month that is open."
    )


def _waits() -> str:
    return (
        ":material/hourglass_empty: **Open, and bills are missing** of accounts that had one in "
        "the month before. Wait for them, or say which accounts the month is closed without: what "
        "comes of them later is charged in the first month that is open."
    )


def _form(month: date, missing: Sequence[Missing], snapshot: str) -> None:
    with st.form("close a month", border=False):
        st.text_input("Your reason", key=_WHY, max_chars=500, placeholder="a few words")
        for one in missing:
            about = f"{plain(one.account)} ({plain(one.source)}, last of {named(one.last)})"
            st.checkbox(f"Closed without a bill of {about}", key=_tick(one))
        others = "All other invoices" if missing else "Its invoices"
        st.checkbox(f"{others} are in and final. Nothing opens it again.", key=_SURE)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                f"Close {month:%B %Y}", icon=":material/lock:", type="primary",
                on_click=partial(_close, month, missing, snapshot),
            )  # fmt: skip
            st.caption(f"As **{plain(actor())}**. It is written down for ever.")


def _tick(one: Missing) -> str:
    return f"{_WITHOUT} {one.name}"


def _close(month: date, missing: Sequence[Missing], snapshot: str) -> None:
    def act() -> str:
        if not st.session_state[_SURE]:
            what = "it is not said that nothing opens the month again"
            raise CloseRefused(what, "", "tick the box below the reason")
        who = by(actor(), st.session_state[_WHY])
        with reopened(workspace().folder, snapshot) as opened:
            without = {one.name for one in missing if st.session_state[_tick(one)]}
            made = close(workspace(), opened, organisation(), month, who, without=without)
        return f"{month:%B %Y} is closed, by {plain(made.actor)}."

    if decide(_SLOT, act):
        st.session_state[_WHY] = ""
        for key in (_SURE, *map(_tick, missing)):
            st.session_state[key] = False
