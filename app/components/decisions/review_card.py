"""One review of access: its rights, a decision about each, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.decisions.act import outcome
from app.components.decisions.desk import Desk
from app.components.decisions.review_answers import closing, deciding
from app.components.decisions.words import REVIEWS, VERDICTS, count, left, scope_words
from app.deciding.reviewing import still_there
from app.viewer import ABOUT_FEW, unnamed
from app.wording import day, moment, plain
from data.decisions.access_review import AccessReview, State
from data.decisions.member import Member
from data.few import are_few

_KINDS = {"deploy_key": "deploy key", "outside": "from outside"}
_SHOWN = {"undecided": "Without a decision", "removed": "To remove", "all": "All"}


def review_card(desk: Desk, one: AccessReview) -> None:
    """Shows all of it, and takes decisions while it is open."""
    state = one.state(desk.today)
    slot = f"answer to {one.id}"
    with st.container(border=True):
        st.header(f"Access of {scope_words(one.scope, desk.titles)}", anchor="review")
        until = day(one.until) if one.closed else left(one.until, desk.today)
        st.markdown(f"{REVIEWS[state].badge} `{one.id}` · until {until} · {plain(one.why)}")
        _progress(desk, one)
        _proof(one)
        is_open = desk.may_decide and state is State.OPEN
        shown = _filtered(desk, one)
        chosen = _members(desk, one, shown, is_open=is_open and desk.sees_names)
        if is_open and desk.sees_names:
            deciding(one, chosen, slot)
        elif is_open:
            st.caption(
                "Who has a right is a name: it is decided about with `cairn access-review`, or "
                "here where names are shown."
            )
        if is_open and not one.undecided:
            closing(one, slot)
        outcome(slot)


def is_withheld(desk: Desk, members: Sequence[Member]) -> bool:
    """Whether counts of these rights would tell of single people to who may see no names."""
    return not desk.sees_names and are_few(one.person for one in members)


def _progress(desk: Desk, one: AccessReview) -> None:
    if is_withheld(desk, one.members):
        st.caption(f"How much is decided is withheld: {ABOUT_FEW}.")
        return
    total = len(one.members)
    done = total - len(one.undecided)
    st.progress(done / total, f"{done:,} of {count(total, 'right')} decided")


def _proof(one: AccessReview) -> None:
    """The hashes that can be signed and compared."""
    whole = "" if one.is_whole else " **The rights are not those whose hash was kept.**"
    st.markdown(
        f":small[Taken down from snapshot `{one.snapshot}`, read until {moment(one.taken_at)}. "
        f"SHA-256 of the rights: `{one.sha256}`.{whole}]"
    )
    if one.closed is not None:
        st.markdown(
            f":small[Closed on {moment(one.closed.at)}: {plain(one.closed.why)}. SHA-256 of all "
            f"decisions: `{one.closed.sha256}`.]"
        )


def _filtered(desk: Desk, one: AccessReview) -> list[Member]:
    """The rights that are shown: of people only to those who may see names."""
    parts = {
        "undecided": list(one.undecided),
        "removed": [member for member in one.members if one.is_removed(member)],
        "all": list(one.members),
    }
    options = [name for name, members in parts.items() if members]
    chosen = st.segmented_control(
        "Rights",
        options,
        default=options[0],
        key=f"rights of {one.id} {options}",
        format_func=lambda name: (
            _SHOWN[name] + ("" if is_withheld(desk, one.members) else f" ({len(parts[name]):,})")
        ),
        required=True,
    )
    found = parts[str(chosen)]
    if desk.sees_names:
        return found
    st.caption("Rights of people are not listed, since names are hidden here.")
    return [member for member in found if member.person is None]


def _members(
    desk: Desk, one: AccessReview, shown: Sequence[Member], *, is_open: bool
) -> list[Member]:
    """Lists rights; gives those that are picked."""
    if not shown:
        return []
    there = still_there(desk.snapshot, one)
    told = (_line(one, member, there.get(member.id)) for member in shown)
    lines = pd.DataFrame(unnamed(told, ("Decided by",), sees_names=desk.sees_names))
    config: dict[str, Any] = {
        "Last used (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD", timezone="UTC"),
        "Why": st.column_config.TextColumn(width=220),
    }
    about = f"Rights of the review {one.id}: account, place, role, and what was decided"
    tall: Any = "content" if len(shown) <= 12 else 460
    if not is_open:
        st.dataframe(lines, hide_index=True, placeholder="–", height=tall, column_config=config,
                     alt=about)  # fmt: skip
        return []
    picked = st.dataframe(
        lines,
        key=f"members of {one.id} {len(one.choices)} {[member.id for member in shown]}",
        hide_index=True,
        placeholder="–",
        height=tall,
        column_config=config,
        on_select="rerun",
        selection_mode="multi-row",
        alt=about,
    )
    return [shown[at] for at in picked["selection"]["rows"] if at < len(shown)]


def _line(review: AccessReview, one: Member, there: bool | None) -> dict[str, Any]:
    made = review.choices.get(one.id)
    words = {True: "yes", False: "no", None: None}
    return {
        "Account": one.account,
        "Place": one.scope,
        "Kind": _KINDS.get(one.kind, one.kind),
        "Role": one.role,
        "Second factor": words[one.has_two_factor],
        "Last used (UTC)": one.last_used_at,
        "Decision": VERDICTS[made.verdict] if made else None,
        "Why": made.why if made else None,
        "Decided by": made.by if made else None,
        "Still there": words[there],
        "Source": one.source,
    }
