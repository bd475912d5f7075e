"""One run of unusual cost: what was said of it, and the answers that are left."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.components.cost.money import money
from app.components.decisions.act import decide, outcome
from app.components.decisions.actor import actor, may_decide
from app.components.published import workspace
from app.deciding.who import by
from app.viewer import unnamed
from app.wording import day, plain
from data.costs.anomaly.anomaly import Kind
from data.costs.anomaly.answered import Answered, about
from data.decisions.book import Book
from data.decisions.cost_anomaly import About, Verdict, say

_ANSWERS = {
    Verdict.ACKNOWLEDGED: ("Acknowledge", "visibility", "Somebody looks at it."),
    Verdict.EXPLAINED: ("Explain", "check", "It was unusual, and this is why."),
    Verdict.DISMISSED: ("Dismiss", "block", "It was nothing: the rule saw wrong."),
}


def answer(one: Answered, currency: str, *, sees_names: bool) -> None:
    """Shows what was said, and takes an answer where one may be given from a page."""
    found = one.anomaly
    amount = plain(money(abs(found.amount), currency))
    slot = f"answer to {found.id}"
    with st.container(border=True):
        st.markdown(
            f"**{plain(found.key.service)}** of {plain(found.key.team or 'nobody')}, "
            f"{_what(found.kind, amount)}, from {day(found.first)} to {day(found.last)} "
            f"· `{found.id}` · seen on {day(found.noticed)}"
        )
        if one.said:
            steps = [
                {"When (UTC)": f"{told.decided_at:%Y-%m-%d %H:%M}", "What": told.verdict.value,
                 "By": told.actor, "Why": told.reason}
                for told in one.said
            ]  # fmt: skip
            st.dataframe(
                unnamed(steps, ("By",), sees_names=sees_names), hide_index=True,
                alt="What was said of it, in order",
            )  # fmt: skip
        _form(one, currency, slot)
        outcome(slot)


def _form(one: Answered, currency: str, slot: str) -> None:
    found = one.anomaly
    if not may_decide():
        st.caption(f"Answer with `cairn cost anomalies explain {found.id} --reason …`.")
        return
    why = f"why {found.id}"
    with st.form(f"form of {found.id}", border=False):
        st.text_input("Your reason", key=why, max_chars=500, placeholder="a few words")
        with st.container(horizontal=True, vertical_alignment="center"):
            for verdict in _left(one):
                word, icon, means = _ANSWERS[verdict]
                st.form_submit_button(
                    word, icon=f":material/{icon}:", help=means,
                    on_click=partial(_say, about(found, currency), verdict, why, slot),
                )  # fmt: skip
            st.caption(f"As **{plain(actor())}**. It is written down for ever.")


def _left(one: Answered) -> list[Verdict]:
    """Nothing is said twice in a row, and what was answered is not acknowledged any more."""
    if not one.said:
        return list(_ANSWERS)
    last = one.said[-1].verdict
    return [each for each in _ANSWERS if each not in (last, Verdict.ACKNOWLEDGED)]


def _what(kind: Kind, amount: str) -> str:
    if kind is Kind.NEW:
        return f"new: **{amount}**"
    return f"**{amount}** {kind.value} than usual"


def _say(told: About, verdict: Verdict, why: str, slot: str) -> None:
    def act() -> str:
        say(Book(workspace().folder), told, verdict, by(actor(), st.session_state[why]))
        return f"It is {verdict.value}, by {plain(actor())}."

    if decide(slot, act):
        st.session_state[why] = ""
