"""The waivers of a control, whatever became of them, and how many of its failures each covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app.viewer import FEW_WITHHELD, NAMES_HIDDEN, unnamed
from app.wording import day
from data.controls.outcome import Outcome
from data.controls.waivable import is_about_few
from data.decisions.scope import Above, ScopeKind
from data.decisions.waiver import State, Waiver

_HIDDEN = ("Asked by", "Answered by")


def over(outcome: Outcome, waivers: Sequence[Waiver], above: Above, *, sees_names: bool) -> None:
    """Lists them, those in force first. They lie over a state and never change it.

    Args:
        outcome: the control.
        waivers: of any control.
        above: of each team, those it is part of.
        sees_names: whether names of people may be shown; else what is told of few is not.
    """
    st.header("Waivers", anchor="waivers")
    mine = [one for one in waivers if one.control == outcome.control.id]
    if not mine:
        st.markdown(
            "No waiver was ever asked for. `cairn waiver request` asks for one; somebody else must "
            "approve it."
        )
        return
    last = outcome.window.end - timedelta(days=1)
    on = min(last, outcome.as_of.astimezone(UTC).date())
    covered: Counter[str] = Counter(one.waiver for one in outcome.results if one.waiver)
    few = {one.id for one in mine if is_about_few(outcome.results, one.scope, above)}
    many = {one.id: None if one.id in few and not sees_names else covered[one.id] for one in mine}
    order = sorted(mine, key=lambda one: (one.state(on) is not State.IN_FORCE, one.until))
    is_shy = outcome.control.is_about_people and not sees_names
    lines = [_line(one, one.state(on), many[one.id], is_shy=is_shy) for one in order]
    lines = unnamed(lines, _HIDDEN, sees_names=sees_names)
    st.markdown(
        f":small[As they stood on {day(on)}, the last day that counts. What is waived fails all "
        "the same.]"
    )
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="–",
        column_config={
            "Covers": st.column_config.NumberColumn(
                format="localized",
                help="Failing rows of this page that it lies over; only one in force does.",
            ),
            "Justification": st.column_config.TextColumn(width=300),
        },
        alt=f"One row a waiver of {outcome.control.id}: its state, scope, reason and last day",
    )
    if not sees_names:
        st.caption(f"{NAMES_HIDDEN} {FEW_WITHHELD}")


def _line(one: Waiver, state: State, covers: int | None, *, is_shy: bool) -> dict[str, Any]:
    step = one.approved or one.rejected
    is_unnamed = is_shy and one.scope.kind is ScopeKind.ROW
    return {
        "State": state.value,
        "Covers": covers if state is State.IN_FORCE else None,
        "Scope": "one row" if is_unnamed else str(one.scope),
        "Reason": one.reason.value.replace("_", " "),
        "Justification": one.justification,
        "From": one.start.isoformat(),
        "Until": one.until.isoformat(),
        "Asked by": one.requester,
        "Answered by": step.by if step else None,
        "Ticket": one.ticket,
        "Instead": one.compensating,
        "Id": one.id[:12],
    }
