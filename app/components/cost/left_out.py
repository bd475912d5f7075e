"""What rules let nobody have: not our cost at all, or nobody's to have; each with the reason."""

from __future__ import annotations

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.buckets import title_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

_KIND = "left"


def left_out(snapshot: Snapshot, asked: Asked) -> None:
    """Lists the rules with what they caught; a chosen one shows its lines."""
    rows = answered(snapshot, "left_out", asked)
    if not rows:
        st.markdown("No rule excludes anything here, or says that nobody can have it.")
        return
    currency = asked.currency or ""
    names = [f"{row['bucket']}/{row['rule']}" for row in rows]
    openable(
        [
            {
                "Rule": row["rule"],
                "Bucket": title_of(row["bucket"]),
                "Effective": in_units(row["effective_cost"], currency),
                "Billed": in_units(row["billed_cost"], currency),
                "Why": row["reason"],
                "Charges": row["rows"],
            }
            for row in rows
        ],
        opening(_KIND, names),
        key=f"left out {asked}",
        columns={
            "Rule": st.column_config.TextColumn(width=130),
            "Bucket": st.column_config.TextColumn(width=105),
            "Why": st.column_config.TextColumn(width=330),
            "Effective": amount_column(currency),
            "Billed": amount_column(currency),
        },
        tall=(12, 460),
        alt="One row a rule that lets nobody have what it catches: why, and how much it is",
    )
    extract = Extract.of(snapshot, "left_out", "what rules let nobody have", asked)
    csv_button(extract, rows, count=len(rows), key="left out csv", label="As CSV")
    name = open_of(_KIND)
    if name in names:
        row = rows[names.index(name)]
        where = {"bucket": row["bucket"], "rule": row["rule"]}
        behind(snapshot, asked, Figure(f"what {row['rule']} lets nobody have", where))
