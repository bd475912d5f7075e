"""Deciding about rights in a review of access, and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app.components.decisions.act import decide
from app.components.decisions.actor import actor
from app.components.decisions.words import VERDICTS, count
from app.components.published import workspace
from app.deciding.who import by
from app.wording import plain
from data.decisions.access_review import AccessReview, Verdict
from data.decisions.book import Book
from data.decisions.member import Member
from data.decisions.reviewing import Chosen, close
from data.decisions.reviewing import decide as decide_about


def deciding(one: AccessReview, chosen: Sequence[Member], slot: str) -> None:
    """Decides about those that are picked, or keeps all that are left."""
    why, verdict = f"why of {one.id}", f"verdict of {one.id}"
    rest = one.undecided
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "What is to become of them",
            list(Verdict),
            key=verdict,
            default=Verdict.KEEP,
            format_func=VERDICTS.__getitem__,
            required=True,
        )
        st.text_input("Your reason", key=why, max_chars=500, placeholder="a few words", width=300)
        st.button(
            f"Decide about {count(len(chosen), 'right')}",
            icon=":material/check:",
            disabled=not chosen,
            on_click=partial(_decide, one.id, tuple(m.id for m in chosen), verdict, why, slot),
        )
        if rest:
            st.button(
                f"Keep all {len(rest):,} without a decision",
                icon=":material/done_all:",
                on_click=partial(_decide, one.id, tuple(m.id for m in rest), None, why, slot),
            )
    st.caption(
        f"As **{plain(actor())}**. Pick rows in the table, or all by the box in its head. The "
        "newest decision about a right counts."
    )


def _decide(
    review: str, members: tuple[str, ...], verdict: str | None, why: str, slot: str
) -> None:
    def act() -> str:
        who, reason = by(actor(), st.session_state[why])
        word = Verdict(st.session_state[verdict]) if verdict else Verdict.KEEP
        made = [Chosen(member, word, reason) for member in members]
        decide_about(Book(workspace().folder), review, made, who)
        return f"{count(len(made), 'right')}: {word.value}, by {plain(who)}."

    if decide(slot, act):
        st.session_state[why] = ""


def closing(one: AccessReview, slot: str) -> None:
    """Closes a review in which every right has a decision."""
    why = f"why closed {one.id}"
    with st.form(f"closing {one.id}", border=False):
        st.text_input("Your reason", key=why, max_chars=500, placeholder="all looked at")
        st.form_submit_button(
            "Close the review",
            icon=":material/task_alt:",
            on_click=partial(_close, one.id, why, slot),
        )
        st.caption("Every right has a decision. After that none can be changed.")


def _close(review: str, why: str, slot: str) -> None:
    def act() -> str:
        close(Book(workspace().folder), review, by(actor(), st.session_state[why]))
        return f"The review is closed, by {plain(actor())}."

    decide(slot, act)
