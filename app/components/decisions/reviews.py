"""The part about reviews of access: all there were, the one that is opened, and another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.address import Address
from app.components.decisions.act import outcome
from app.components.decisions.desk import Desk
from app.components.decisions.review_card import is_withheld, review_card
from app.components.decisions.review_start import SLOT, review_start
from app.components.decisions.words import scope_words, signed
from app.components.published import workspace
from app.viewer import NAMES_HIDDEN
from data.decisions.access_review import AccessReview, access_reviews
from data.decisions.book import Book

CHOSEN = "review"
_NAMES = ("Started by", "Closed by")


def all_reviews(desk: Desk) -> tuple[AccessReview, ...]:
    """Those that the team filter leaves, the newest first."""
    found = access_reviews(Book(workspace().folder))
    return tuple(one for one in reversed(found) if desk.concerns(one.scope))


def reviews(desk: Desk, address: Address, found: Sequence[AccessReview]) -> None:
    """Lists them, opens the one that is chosen, and starts another."""
    st.header("Reviews of access", anchor="reviews")
    st.markdown(
        ":small[Who has which right, taken down from the newest snapshot with its hash, and a "
        "decision about each. Nobody decides about themself.]"
    )
    outcome(SLOT)
    if found:
        _listed(desk, found)
        _open(desk, address, found)
    else:
        st.markdown(":material/group: No review of access was started yet.")
    if desk.may_decide:
        review_start(desk)


def _listed(desk: Desk, found: Sequence[AccessReview]) -> None:
    lines = [_line(desk, one) for one in found]
    if not desk.sees_names:
        lines = [{k: v for k, v in line.items() if k not in _NAMES} for line in lines]
    key = f"reviews {[one.id for one in found]} {desk.rules.key}"

    def choose() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        st.session_state[CHOSEN] = found[picked[0]].id if picked else ""

    st.dataframe(
        pd.DataFrame(lines),
        key=key,
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= 10 else 380,
        column_config={
            "Until": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Decided": st.column_config.ProgressColumn(
                format="percent", help="Rights that have a decision."
            ),
            "Why": st.column_config.TextColumn(width=220),
        },
        on_select=choose,
        selection_mode="single-row",
        alt="One row a review of access: its state, scope, how much is decided, and until when",
    )
    if not desk.sees_names:
        st.caption(NAMES_HIDDEN)


def _line(desk: Desk, one: AccessReview) -> dict[str, Any]:
    decided = len(one.members) - len(one.undecided)
    counts: dict[str, float | None] = {
        "Rights": len(one.members),
        "Decided": decided / len(one.members),
        "To remove": sum(one.is_removed(member) for member in one.members),
    }
    if is_withheld(desk, one.members):
        counts = dict.fromkeys(counts)
    return {
        "State": signed(one.state(desk.today)),
        "Holds for": scope_words(one.scope, desk.titles),
        **counts,
        "Until": one.until,
        "Started": one.started_at.date().isoformat(),
        "Started by": one.started_by,
        "Closed by": one.closed.by if one.closed else None,
        "Why": one.why,
        "SHA-256": one.sha256[:16],
        "Id": one.id,
    }


def _open(desk: Desk, address: Address, found: Sequence[AccessReview]) -> None:
    names = {
        one.id: f"{scope_words(one.scope, desk.titles)} · {one.state(desk.today).value}, started "
        f"{one.started_at:%Y-%m-%d}"
        for one in found
    }
    address.choose(CHOSEN, ["", *names])
    st.selectbox(
        "Open a review",
        ["", *names],
        key=CHOSEN,
        format_func=lambda name: names.get(name, "none"),
        help="A click on a row of the table chooses it as well.",
    )
    one = next((one for one in found if one.id == st.session_state[CHOSEN]), None)
    if one is not None:
        review_card(desk, one)
