"""Lines of bills as a table: each with its file and row, and what its rule made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.tags import tags_told
from app.components.cost.titles import way
from data.costs.money import exact

_FEW = 12
"""Rows that are shown without scrolling."""


def line_table(
    rows: Sequence[Mapping[str, Any]],
    column: str,
    currency: str,
    titles: Mapping[str, str],
    about: str,
    named: Collection[str] = (),
) -> None:
    """Shows lines.

    Args:
        rows: the lines.
        column: which of their costs is shown.
        currency: in which it is.
        titles: what teams and pools are called.
        about: whose lines they are, for who cannot see the table.
        named: columns that are left out, since the figure is of one value of them.
    """
    st.dataframe(
        filled([_line(row, column, currency, titles, named) for row in rows], "Cost", "Exactly"),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= _FEW else 460,
        column_config=_columns(currency),
        alt=f"Lines behind {about}: file, row, day, service and cost of each",
    )


def _line(
    row: Mapping[str, Any],
    column: str,
    currency: str,
    titles: Mapping[str, str],
    named: Collection[str],
) -> dict[str, Any]:
    ratio = row["ratio"]
    told = {
        "Cost": in_units(row[column], currency),
        "File": row["bill"],
        "Row": row["bill_row"],
        "Day": row["day"],
        "Service": row["service"],
        "Part": None if ratio is None or ratio == 1 else float(ratio) * 100,
        "Team": titles.get(row["team"], row["team"]),
        "Rule": row["rule"],
        "Way": way(row["path"], titles) if row["path"] else None,
        "What": row["description"],
        "Resource": row["resource_name"] or row["resource"],
        "Tags": tags_told(row["tags"]),
        "Account": row["account"],
        "Sub-account": row["sub_account"],
        "Exactly": exact(row[column]),
    }
    return {name: cell for name, cell in told.items() if name not in named}


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "File": config.TextColumn(width=175),
        "Row": config.NumberColumn(
            format="localized", width=65, help="Of the file, the first after the head being 1."
        ),
        "Day": config.DateColumn(format="YYYY-MM-DD", width=95),
        "Service": config.TextColumn(width=130),
        "Cost": amount_column(currency, label=f"Cost, {currency}"),
        "Part": config.NumberColumn(
            format="%.4g %%", width=80, help="Of the row, where it was split."
        ),
        "Team": config.TextColumn(width=90),
        "Rule": config.TextColumn(width=140),
        "Way": config.TextColumn(width=190, help="The pools that it came through."),
        "What": config.TextColumn(width=220),
        "Tags": config.TextColumn(width=200),
        "Exactly": config.TextColumn(width=140, alignment="right"),
    }
