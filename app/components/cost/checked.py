"""What must hold of all costs, whether it does, and the rows that are against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from app.wording import plain
from data.costs.money import exact
from data.costs.views.reconciled import Check, State, against
from data.store.snapshot import Snapshot

_STATES = {
    State.HOLDS: (":material/check_circle:", "green"),
    State.BROKEN: (":material/error:", "red"),
    State.UNKNOWN: (":material/help:", "orange"),
    State.NOT_APPLICABLE: (":material/remove:", "gray"),
}
_FIRST = (State.BROKEN, State.UNKNOWN, State.HOLDS, State.NOT_APPLICABLE)
_NAMES = {"state": "State", "note": "What it is", "account": "Account", "billing_month": "Month",
          "month": "Month of charges", "invoice": "Invoice", "currency": "Currency",
          "amount_in": "One side", "amount_out": "Other side", "difference": "Difference",
          "load": "Lines", "bill_row": "Row"}  # fmt: skip


def badge_of(state: State, words: str = "") -> str:
    """The state of a check, or of several, as a badge."""
    sign, colour = _STATES[state]
    return f":{colour}-badge[{sign} {words or state.value.replace('_', ' ')}]"


def checked(snapshot: Snapshot, made: Sequence[Check]) -> None:
    """Lists all checks, those that are broken first, with what is not known of each."""
    if not made:
        st.markdown("Not known: this snapshot was made before checks were. Run `cairn sync`.")
        return
    shown = sorted(made, key=lambda one: _FIRST.index(one.state))
    st.table(
        {
            "State": [badge_of(one.state) for one in shown],
            "What must hold": [plain(one.title) for one in shown],
            "Compared": [_compared(one) for one in shown],
        },
        border="horizontal",
        width="content",
        hide_index=True,
        alt="One row a check: its state, what must hold, and how much was compared",
    )
    for one in shown:
        if one.state is State.UNKNOWN:
            with st.expander(f"Not known: {plain(one.title)}", icon=":material/help:"):
                _rows(snapshot, one)


def broken(snapshot: Snapshot, made: Sequence[Check]) -> None:
    """Says which checks are broken, and by which rows; nothing if none is."""
    for one in made:
        if one.state is State.BROKEN:
            st.error(
                f"**{plain(one.title)}**: that is broken in {one.broken:,} of {one.compared:,} "
                "that were compared. No statement can be made until it holds.",
                icon=":material/error:",
            )
            _rows(snapshot, one)


def _compared(one: Check) -> str:
    told = [f"{one.compared:,}"]
    told += [f"**{one.broken:,} broken**"] if one.broken else []
    told += [f"{one.unknown:,} not known"] if one.unknown else []
    return ", ".join(told) if one.compared else "nothing to compare"


def _rows(snapshot: Snapshot, check: Check) -> None:
    rows = against(snapshot, check)
    lines = pd.DataFrame([_line(row) for row in rows]).dropna(axis="columns", how="all")
    st.dataframe(
        lines,
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 10 else 390,
        column_config={"What it is": st.column_config.TextColumn(width=340)},
        alt=f"What is against it, or not known: {check.title}",
    )


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(row)
    if row.get("amount_in") is not None and row.get("amount_out") is not None:
        found["difference"] = row["amount_in"] - row["amount_out"]
    shown = {_NAMES[name]: _told(found.get(name)) for name in _NAMES}
    return {**shown, "State": str(row["state"]).replace("_", " ")}


def _told(value: object) -> object:
    return exact(value) if isinstance(value, Decimal) else value
