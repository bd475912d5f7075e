"""The part about reviews of access: all there were, the one that is opened, and another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.decisions.act import outcome
from app.components.decisions.desk import Desk
from app.components.decisions.listed import listed, opened
from app.components.decisions.review_card import is_withheld, review_card
from app.components.decisions.review_start import SLOT, review_start
from app.components.decisions.words import REVIEWS, scope_words
from app.components.published import workspace
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
    listed(
        desk,
        {one.id: _line(desk, one) for one in found},
        CHOSEN,
        names=_NAMES,
        alt="One row a review of access: its state, scope, how much is decided, and until when",
        columns={
            "Until": st.column_config.DateColumn(format="YYYY-MM-DD"),
            "Decided": st.column_config.ProgressColumn(
                format="percent", help="Rights that have a decision."
            ),
            "Why": st.column_config.TextColumn(width=220),
        },
        tall=(10, 380),
    )


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
        "State": REVIEWS[one.state(desk.today)].signed,
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
    name = opened(address, CHOSEN, names, "Open a review")
    one = next((one for one in found if one.id == name), None)
    if one is not None:
        review_card(desk, one)
