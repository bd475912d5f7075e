"""All waivers that there ever were: what they cover today, and both rates of their controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.address import Address
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.words import WAIVERS, scope_words, signed
from app.components.governance.signs import hundredths
from app.viewer import FEW_WITHHELD, NAMES_HIDDEN
from data.controls.waivable import covered
from data.decisions.waiver import State, Waiver

STATE = "state"
CHOSEN = "waiver"
ALL = "all"
OVER = (State.REJECTED, State.WITHDRAWN, State.REPLACED, State.EXPIRED)
_NAMES = ("Asked by", "Answered by")


def filtered(desk: Desk) -> list[Waiver]:
    """The waivers that the filters of the sidebar leave, what waits for an answer first."""
    order = list(WAIVERS)
    mine = [
        one for one in desk.made.waivers.all if desk.has(one.control) and desk.concerns(one.scope)
    ]
    return sorted(mine, key=lambda one: (order.index(one.state(desk.today)), one.until, one.id))


def covers(desk: Desk, one: Waiver, found: Judged | None) -> int | None:
    """How many failing rows a waiver covers today, or would; None: it is over, or withheld."""
    state = one.state(desk.today)
    if found is None or state in OVER or found.hides(one.scope, desk.above):
        return None
    if state is State.IN_FORCE:
        return len(found.waived_by(one.id))
    return len(covered(found.failing, one.scope, desk.above))


def waiver_table(
    desk: Desk, address: Address, mine: Sequence[Waiver], found: Mapping[str, Judged]
) -> Waiver | None:
    """Lists them and lets one be chosen; gives that one."""
    by_state = {state: [o for o in mine if o.state(desk.today) is state] for state in WAIVERS}
    options = [ALL, *(state.value for state, ones in by_state.items() if ones)]
    labels = {state.value: f"{signed(state)} ({len(o)})" for state, o in by_state.items()}
    labels[ALL] = f"All ({len(mine)})"
    address.choose(STATE, options)
    chosen = st.segmented_control(
        "State", options, key=STATE, format_func=labels.__getitem__, required=True
    )
    shown = [one for one in mine if chosen in (ALL, one.state(desk.today).value)]
    lines = [_line(desk, one, found.get(one.control)) for one in shown]
    if not desk.sees_names:
        lines = [{k: v for k, v in line.items() if k not in _NAMES} for line in lines]
    key = f"waivers {chosen} {[one.id for one in shown]} {desk.rules.key}"

    def choose() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        st.session_state[CHOSEN] = shown[picked[0]].id if picked else ""

    st.dataframe(
        pd.DataFrame(lines),
        key=key,
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= 20 else 740,
        column_config=_columns(),
        on_select=choose,
        selection_mode="single-row",
        alt="One row a waiver: its state, last day, control, scope, and how many rows it covers",
    )
    if not desk.sees_names:
        st.caption(f"{NAMES_HIDDEN} {FEW_WITHHELD}")
    return _one(desk, address, shown)


def _one(desk: Desk, address: Address, shown: Sequence[Waiver]) -> Waiver | None:
    """The waiver that is opened: the field holds what a click on a row chose."""
    names = {
        one.id: f"{one.control} · {scope_of(desk, one)} · {one.state(desk.today).value}, "
        f"until {one.until}"
        for one in shown
    }
    address.choose(CHOSEN, ["", *names])
    st.selectbox(
        "Open a waiver",
        ["", *names],
        key=CHOSEN,
        format_func=lambda name: names.get(name, "none"),
        help="A click on a row of the table chooses it as well.",
    )
    return next((one for one in shown if one.id == st.session_state[CHOSEN]), None)


def scope_of(desk: Desk, one: Waiver) -> str:
    """The scope of a waiver in words; a row that names a person stays unnamed where it must."""
    return scope_words(one.scope, desk.titles, is_shy=desk.is_shy(one.control))


def _line(desk: Desk, one: Waiver, found: Judged | None) -> dict[str, Any]:
    state = one.state(desk.today)
    step = one.approved or one.rejected
    told = found if found is not None and not found.is_withheld else None
    return {
        "State": signed(state),
        "Until": one.until,
        "Days left": None if state in OVER else (one.until - desk.today).days,
        "Control": one.control,
        "Holds for": scope_of(desk, one),
        "Covers": covers(desk, one, found),
        "Of failing": len(told.failing) if told else None,
        "Pass rate": hundredths(told.counts.pass_rate) if told else None,
        "With waivers": hundredths(told.counts.pass_rate_with_waivers) if told else None,
        "Asked by": one.requester,
        "Answered by": step.by if step else None,
        "Reason": one.reason.value.replace("_", " "),
        "Ticket": one.ticket,
        "Justification": one.justification,
    }


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "State": config.TextColumn(width=100),
        "Until": config.DateColumn(format="YYYY-MM-DD", width=90, help="Its last day (UTC)."),
        "Days left": config.NumberColumn(width=70),
        "Control": config.TextColumn(width=70),
        "Holds for": config.TextColumn(width=150),
        "Covers": config.NumberColumn(
            format="localized",
            width=65,
            help="Failing rows it lies over today; of one that is not in force yet, those that "
            "are in its scope. Of several over a row the narrowest counts.",
        ),
        "Of failing": config.NumberColumn(
            format="localized", width=75, help="All failing rows of the control."
        ),
        "Pass rate": config.NumberColumn(
            format="%.1f %%", width=75, help="Of the control. Waivers change nothing here."
        ),
        "With waivers": config.NumberColumn(
            format="%.1f %%",
            width=90,
            help="The same without the fails that a waiver covers today.",
        ),
        **{name: config.TextColumn(width=100) for name in _NAMES},
        "Reason": config.TextColumn(width=105),
        "Justification": config.TextColumn(width=300),
    }
