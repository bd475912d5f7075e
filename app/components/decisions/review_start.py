"""Starting a review of access: of what, until when, and how much it would take down."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from app.components.decisions.act import decide
from app.components.decisions.actor import actor
from app.components.decisions.desk import Desk
from app.components.decisions.review_card import is_withheld
from app.components.decisions.words import count
from app.components.published import reopened, workspace
from app.deciding.reviewing import taken
from app.deciding.who import by
from app.viewer import ABOUT_FEW
from app.wording import message, plain
from data.decisions.book import Book
from data.decisions.reviewing import MOST_DAYS, ReviewRefused, start
from data.decisions.scope import ScopeRefused, parse_scope

SLOT = "review started"
_USUAL_DAYS = 30
_UNTIL, _WHY = "review until", "review because"


def review_start(desk: Desk) -> None:
    """Shows the form; what is refused is told above, and what was written stays."""
    fold = st.expander(
        "Start a review", icon=":material/group_add:", key="review starts", on_change="rerun"
    )
    if not fold.open:
        return
    with fold:
        scope = _scope(desk)
        _preview(desk, scope)
        st.session_state.setdefault(_UNTIL, desk.today + timedelta(days=_USUAL_DAYS))
        until: date | None = st.date_input(
            f"Last day (UTC), at most {MOST_DAYS} days from now", key=_UNTIL, format="YYYY-MM-DD"
        )
        st.text_input("Your reason", key=_WHY, max_chars=500, placeholder="the fourth quarter")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Start",
                icon=":material/play_arrow:",
                on_click=_start,
                args=(desk.snapshot.id, scope, until),
            )
            st.caption(f"As **{plain(actor())}**.")


def _scope(desk: Desk) -> str:
    """The organisation, a team, or repositories by name or pattern."""
    teams = {f"team:{name}": f"team {title}" for name, title in desk.titles.items()}
    written = "as written"
    options = ["organisation", *teams, written]
    chosen = st.selectbox(
        "For what",
        options,
        key="review scope",
        format_func=lambda one: teams.get(
            one, "the whole organisation" if one == "organisation" else one
        ),
    )
    if chosen != written:
        return str(chosen)
    told: str = st.text_input("Scope", key="review scope written", placeholder="repository:shop-*")
    return told


def _preview(desk: Desk, scope: str) -> None:
    if not scope:
        return
    try:
        members = taken(desk.snapshot, parse_scope(scope)).members
    except ScopeRefused as error:
        st.caption(f":material/block: {message(f'{error.what}; {error.fix}')}")
        return
    if is_withheld(desk, members):
        st.markdown(f":material/group: How many is withheld: {ABOUT_FEW}.")
        return
    accounts = {(one.source, one.kind, one.account.casefold()) for one in members}
    st.markdown(
        f":material/group: It would take down **{count(len(members), 'right')}** of "
        f"{count(len(accounts), 'account')}, as the snapshot of "
        f"{desk.snapshot.as_of:%Y-%m-%d %H:%M} UTC tells them."
    )


def _start(snapshot: str, scope: str, until: date | None) -> None:
    def act() -> str:
        if until is None:
            raise ReviewRefused("it has no end", "", "name its last day")
        why = by(actor(), st.session_state[_WHY])
        with reopened(workspace().folder, snapshot) as opened:
            told = taken(opened, parse_scope(scope))
        made = start(Book(workspace().folder), told, until, why)
        st.session_state["review"] = made.id
        return f"The review is started, as `{made.id}`: decide about each right."

    if decide(SLOT, act):
        st.session_state[_WHY] = ""
