"""All waivers that there ever were: what they cover today, and both rates of their controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.decisions.desk import Desk
from app.components.decisions.judged import Judged
from app.components.decisions.listed import listed, opened
from app.components.decisions.words import WAIVERS, scope_words
from app.components.governance.signs import hundredths
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
    labels = {state.value: f"{WAIVERS[state].signed} ({len(o)})" for state, o in by_state.items()}
    labels[ALL] = f"All ({len(mine)})"
    address.choose(STATE, options)
    chosen = st.segmented_control(
        "State", options, key=STATE, format_func=labels.__getitem__, required=True
    )
    shown = [one for one in mine if chosen in (ALL, one.state(desk.today).value)]
    listed(
        desk,
        {one.id: _line(desk, one, found.get(one.control)) for one in shown},
        CHOSEN,
        names=_NAMES,
        alt="One row a waiver: its state, last day, control, scope, and how many rows it covers",
        columns=_columns(),
        tall=(20, 740),
    )
    titles = {
        one.id: f"{one.control} · {scope_of(desk, one)} · {one.state(desk.today).value}, "
        f"until {one.until}"
        for one in shown
    }
    name = opened(address, CHOSEN, titles, "Open a waiver")
    return next((one for one in shown if one.id == name), None)


def scope_of(desk: Desk, one: Waiver) -> str:
    """The scope of a waiver in words; a row that names a person stays unnamed where it must."""
    return scope_words(one.scope, desk.titles, is_shy=desk.is_shy(one.control))


def _line(desk: Desk, one: Waiver, found: Judged | None) -> dict[str, Any]:
    state = one.state(desk.today)
    step = one.approved or one.rejected
    told = found if found is not None and not found.is_withheld else None
    return {
        "State": WAIVERS[state].signed,
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
