"""How much of the usage that a commitment could cover is covered, if the bills tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from data.costs.views.asked import Asked, answered
from data.costs.views.commitments import Eligible
from data.store.snapshot import Snapshot


def eligible_table(snapshot: Snapshot, asked: Asked, found: Sequence[Eligible]) -> None:
    """Lists the services of which some usage is covered."""
    st.markdown(
        ":small[Of services of which a commitment covers some usage, at list prices: what is "
        "covered, of that and of what was bought as it comes (`PricingCategory` Standard). No bill "
        "says what a commitment could cover, so a service that none covers is not here.]"
    )
    if not found:
        st.markdown("No usage is covered by a commitment here.")
        return
    st.dataframe(
        filled([_line(one, asked.currency or "") for one in found], "Coverage", "Covered"),
        hide_index=True,
        placeholder="–",
        height="content" if len(found) <= 12 else 460,
        column_config={
            "Service": st.column_config.TextColumn(width=190),
            "Coverage": st.column_config.ProgressColumn(
                format="%.1f %%", min_value=0, max_value=100, width=125
            ),
            "Covered": amount_column(asked.currency or ""),
            "As it comes": amount_column(asked.currency or ""),
            "Not known": st.column_config.TextColumn(width=300),
        },
        alt="One row a service: usage that is covered, and usage that was bought as it comes",
    )
    rows = answered(snapshot, "eligible", asked)
    extract = Extract.of(snapshot, "eligible", "usage that a commitment could cover", asked)
    csv_button(extract, rows, count=len(rows), key="eligible csv", label="Coverage as CSV")


def _line(one: Eligible, currency: str) -> dict[str, Any]:
    return {
        "Service": one.service,
        "Coverage": None if one.share is None else float(one.share * 100),
        "Covered": in_units(one.covered, currency),
        "As it comes": in_units(one.standard, currency),
        "Provider": one.provider,
        "Not known": untold(one),
    }


def untold(one: Eligible) -> str | None:
    """Why the coverage of a service is not known; None if it is."""
    told = []
    if one.untold_charges:
        told.append(f"how {one.untold_charges:,} charges are priced")
    if one.unpriced_charges:
        told.append(f"the list price of {one.unpriced_charges:,} charges")
    return ", ".join(told) or None
