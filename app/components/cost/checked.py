"""What must hold of all costs, whether it does, and the rows that are against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.cost.money import exactly
from app.wording import message, plain
from data.costs.views.reconciled import Check, State, broken_rows
from data.store.snapshot import Snapshot

_STATES = {
    State.HOLDS: (":material/check_circle:", "green"),
    State.BROKEN: (":material/error:", "red"),
    State.UNKNOWN: (":material/help:", "gray"),
}
_AMOUNTS = ("amount_in", "amount_out")
_NAMES = {"account": "Account", "billing_month": "Month", "invoice": "Invoice",
          "currency": "Currency", "amount_in": "In", "amount_out": "Out", "note": "What it is",
          "load": "Lines", "bill_row": "Row"}  # fmt: skip


def state_of(state: State) -> tuple[str, str]:
    """The sign of a state, and its colour."""
    return _STATES[state]


def checked(made: Sequence[Check]) -> None:
    """Lists all checks, those that are broken first."""
    if not made:
        st.markdown("Not known: this snapshot was made before checks were. Run `cairn sync`.")
        return
    order = [State.BROKEN, State.UNKNOWN, State.HOLDS]
    shown = sorted(made, key=lambda one: order.index(one.state))
    st.table(
        {
            "State": [_badge(one.state) for one in shown],
            "What must hold": [f"{plain(one.title)} :small[{plain(one.id)}]" for one in shown],
            "Compared": [f"{one.compared:,}" for one in shown],
            "What was found": [message(one.says) for one in shown],
        },
        border="horizontal",
        hide_index=True,
        alt="One row a check: its state, what must hold, how much was compared, and what was found",
    )


def broken(snapshot: Snapshot, made: Sequence[Check]) -> None:
    """Says which checks are broken, and by which rows; nothing if none is."""
    for one in made:
        if one.state is not State.BROKEN:
            continue
        st.error(
            f"**{plain(one.title)}**: {message(one.says)} No statement can be made until it holds.",
            icon=":material/error:",
        )
        rows = broken_rows(snapshot, one.id)
        if rows:
            st.dataframe(
                pd.DataFrame([_line(row) for row in rows]).dropna(axis="columns", how="all"),
                hide_index=True,
                placeholder="–",
                height="content" if len(rows) <= 10 else 390,
                alt=f"The rows against: {one.title}",
            )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    told = {_NAMES.get(name, name): row[name] for name in (*_NAMES, *row) if name in row}
    for name in _AMOUNTS:
        value = row.get(name)
        told[_NAMES[name]] = None if value is None else exactly(value)
    return told


def _badge(state: State) -> str:
    sign, colour = _STATES[state]
    return f":{colour}-badge[{sign} {state.value}]"
