"""One waiver: what was asked for, its whole history, the rows it covers, and the answers left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from app.components.decisions.act import decide, outcome
from app.components.decisions.actor import actor
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.rows import rows
from app.components.decisions.waiver_table import covers, scope_of
from app.components.decisions.words import REASONS, WAIVERS, count, left
from app.components.governance.asked import linked
from app.components.governance.control_table import CONTROL_PAGE
from app.components.governance.signs import share
from app.components.published import workspace
from app.deciding.who import by
from app.viewer import ABOUT_FEW, unnamed
from app.wording import day, plain
from data.controls.waivable import covered
from data.decisions.book import Book
from data.decisions.decision import Act, Decision, moment
from data.decisions.waiver import KIND, State, Waiver
from data.decisions.waiving import approve, reject, withdraw

Answer = Callable[[Book, str, tuple[str, str]], Decision]
_DONE = {
    Act.REQUEST: "asked for",
    Act.APPROVE: "approved",
    Act.REJECT: "rejected",
    Act.WITHDRAW: "withdrawn",
}
_ANSWERS: dict[str, tuple[Answer, str, str]] = {
    "Approve": (approve, "check", "approved"),
    "Reject": (reject, "block", "rejected"),
    "Withdraw": (withdraw, "undo", "withdrawn"),
}
_OPEN = {
    State.REQUESTED: tuple(_ANSWERS),
    State.APPROVED: ("Withdraw",),
    State.IN_FORCE: ("Withdraw",),
}


def waiver_card(desk: Desk, one: Waiver, found: Judged | None) -> None:
    """Shows all of it, and takes an answer."""
    state = one.state(desk.today)
    with st.container(border=True):
        st.header(f"{one.control} for {scope_of(desk, one)}", anchor="waiver")
        st.markdown(f"{WAIVERS[state].badge} `{one.id}` · {_ends(desk, one, state)}")
        _said(one)
        if found is not None:
            _covers(desk, one, found)
            st.page_link(
                CONTROL_PAGE,
                label=f"See {one.control}",
                icon=":material/rule:",
                query_params=linked(desk.asking, {"control": one.control}),
            )
        st.markdown("**History**")
        st.dataframe(
            pd.DataFrame(_history(desk, one)),
            hide_index=True,
            placeholder="–",
            column_config={
                "When (UTC)": st.column_config.DatetimeColumn(
                    format="YYYY-MM-DD HH:mm", timezone="UTC"
                ),
                "Why": st.column_config.TextColumn(width=460),
            },
            alt=f"Each decision about waiver {one.id}, in order",
        )
        slot = f"answer to {one.id}"
        if desk.may_decide and state in _OPEN:
            _answers(one, state, slot)
        outcome(slot)


def _ends(desk: Desk, one: Waiver, state: State) -> str:
    begins = f"from {day(one.start)} " if one.start > desk.today else ""
    if state is State.REPLACED and one.replaced is not None:
        return f"replaced by `{one.replaced.id}` on {day(one.replaced.on)}"
    return f"{begins}until {left(one.until, desk.today)}"


def _said(one: Waiver) -> None:
    told = {
        "Why it may stand": REASONS[one.reason],
        "Justification": one.justification,
        "Compensating control": one.compensating,
        "Ticket": one.ticket,
    }
    st.markdown("  \n".join(f"**{name}:** {plain(text)}" for name, text in told.items() if text))


def _covers(desk: Desk, one: Waiver, found: Judged) -> None:
    """How much it covers, and which rows."""
    if found.hides(one.scope, desk.above):
        st.markdown(f"What it covers is withheld: {ABOUT_FEW}. {_rates(found)}")
        return
    many = covers(desk, one, found)
    if many is None:
        st.markdown(f"It covers nothing any more. {_rates(found)}")
        return
    is_in_force = one.state(desk.today) is State.IN_FORCE
    word = "covers" if is_in_force else "would cover"
    fails = len(found.failing)
    st.markdown(
        f"It {word} **{many:,} of {count(fails, 'failing row')}** of the period, which fail all "
        f"the same. {_rates(found)}"
    )
    mine = found.waived_by(one.id) if is_in_force else covered(found.failing, one.scope, desk.above)
    rows(desk, mine, f"Rows of {one.control} that it {word}")


def _rates(found: Judged) -> str:
    if found.is_withheld:
        return ""
    counts = found.counts
    return (
        f"{found.control.id}: {share(counts.pass_rate)} pass without waivers, "
        f"{share(counts.pass_rate_with_waivers)} with all that are in force today."
    )


def _history(desk: Desk, one: Waiver) -> list[dict[str, Any]]:
    """The decisions about it, and what came of itself."""
    steps = [
        _step(moment(made.decided_at), _DONE[Act(made.act)], made.actor, made.reason)
        for made in Book(workspace().folder).decisions(kind=KIND)
        if one.id in (made.id, made.value.get("waiver"))
    ]
    state = one.state(desk.today)
    if state is State.REPLACED and one.replaced is not None:
        steps.append(_step(None, f"replaced on {one.replaced.on}", None, one.replaced.id))
    if state is State.EXPIRED:
        answered = None if one.approved else "nobody had answered"
        steps.append(_step(None, f"expired after {one.until}", None, answered))
    return unnamed(steps, ("Who",), sees_names=desk.sees_names)


def _step(at: datetime | None, what: str, who: str | None, why: str | None) -> dict[str, Any]:
    return {"When (UTC)": at, "What": what, "Who": who, "Why": why}


def _answers(one: Waiver, state: State, slot: str) -> None:
    why = f"why {one.id}"
    with st.form(f"form of {one.id}", border=False):
        st.text_input("Your reason", key=why, max_chars=500, placeholder="a few words")
        with st.container(horizontal=True, vertical_alignment="center"):
            for word in _OPEN[state]:
                _, icon, _ = _ANSWERS[word]
                st.form_submit_button(
                    word,
                    icon=f":material/{icon}:",
                    on_click=partial(_answer, one.id, word, why, slot),
                )
            st.caption(_asks(state))


def _asks(state: State) -> str:
    if state is State.REQUESTED:
        return f"As **{plain(actor())}**. Who asked for it cannot approve it."
    return f"As **{plain(actor())}**. What it covers counts again at once."


def _answer(waiver: str, word: str, why: str, slot: str) -> None:
    answer, _, done = _ANSWERS[word]

    def act() -> str:
        answer(Book(workspace().folder), waiver, by(actor(), st.session_state[why]))
        return f"The waiver is {done}, by {plain(actor())}."

    if decide(slot, act):
        st.session_state[why] = ""
