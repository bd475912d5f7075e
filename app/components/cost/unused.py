"""Who bears what was committed and not used, by team and bucket."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.buckets import title_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

_KIND = "unused"


def unused(snapshot: Snapshot, asked: Asked, titles: Mapping[str, str]) -> None:
    """Lists them; a chosen one shows its lines."""
    rows = answered(snapshot, "unused_by", asked)
    if not rows:
        st.markdown("No bill tells of anything that was left unused here.")
        return
    names = [f"{row['team'] or ''}/{row['bucket']}" for row in rows]
    openable(
        [
            {
                "Team": titles.get(row["team"], row["team"]) if row["team"] else "nobody",
                "Unused": in_units(row["amount"], asked.currency or ""),
                "Bucket": title_of(row["bucket"]),
                "Parts": row["rows"],
            }
            for row in rows
        ],
        opening(_KIND, names),
        key=f"unused {asked}",
        columns={
            "Team": st.column_config.TextColumn(width=200),
            "Bucket": st.column_config.TextColumn(
                width=120, help="Idle: a pool holds it as such and splits it between teams."
            ),
            "Parts": st.column_config.NumberColumn(format="localized", help="Of charges."),
            "Unused": amount_column(
                asked.currency or "", label=f"Unused, {asked.currency}", width=130
            ),
        },
        tall=(12, 460),
        alt="One row a team and bucket: its part of what was committed and not used",
    )
    extract = Extract.of(snapshot, "unused_by", "unused commitments by team", asked)
    csv_button(extract, rows, count=len(rows), key="unused csv", label="Unused as CSV")
    name = open_of(_KIND)
    if name in names:
        row = rows[names.index(name)]
        where = {"commitment": "Unused", "charge": "Usage", "team": row["team"],
                 "bucket": row["bucket"]}  # fmt: skip
        who = titles.get(row["team"], row["team"]) if row["team"] else "nobody"
        figure = Figure(f"what {who} bears of unused commitments", where, rollup="commitment_month")
        behind(snapshot, asked, figure)
