"""Rows that no sum has: the file, the row, the column, what was written there, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.gaps import MOST
from app.wording import message, plain
from data.costs.views.asked import Asked, answered
from data.costs.views.reconciled import File
from data.store.snapshot import Snapshot

_SHOWN = 1_000


def quarantine(snapshot: Snapshot, asked: Asked, files: Sequence[File]) -> None:
    """Lists the refused values of all bills of the source, and files that are no bills.

    Args:
        snapshot: whose bills.
        asked: which source; a row that cannot be read belongs to no month.
        files: all that were delivered by the source.
    """
    _unread(answered(snapshot, "unread", asked))
    refused = sum(one.refused for one in files if one.holds or not one.taken)
    rows = answered(snapshot, "refusals", asked)
    if not refused:
        st.markdown(":material/check_circle: Each row of the bills in effect is counted.")
        return
    listed = len({(row["name"], row["bill_row"]) for row in rows})
    st.markdown(_summary(rows, refused))
    st.dataframe(
        [_line(row) for row in rows[:_SHOWN]],
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 12 else 460,
        column_config=_columns(),
        alt="One row a refused value: its file, row and column, what was written, and why",
    )
    if listed < refused:
        st.markdown(
            f":small[{refused - listed:,} more are not listed: they are lines that are no rows, or "
            "come after the first thousand of a file. `cairn cost check FILE` tells of all.]"
        )
    extract = Extract.of(snapshot, "refusals", "rows that no sum has", asked)
    csv_button(extract, rows, count=len(rows), key="refusals csv", label="Refused rows as CSV")


def _summary(rows: Sequence[Mapping[str, Any]], refused: int) -> str:
    are = "1 row is refused" if refused == 1 else f"{refused:,} rows are refused"
    counted = Counter(f"{row['column']} {row['why']}" for row in rows)
    why = ", ".join(f"{count:,} × {plain(told)}" for told, count in counted.most_common(6))
    return (
        f":material/block: **{are}**, of all months, and no sum on these pages has them. "
        f"{why and f'Values against them: {why}. '}"
        ":small[Mend the bill, or set the `form` of the source if it is only written otherwise; "
        "the next sync reads it anew.]"
    )


def _unread(found: Sequence[Mapping[str, Any]]) -> None:
    for gap in found[:MOST]:
        st.error(
            f"**{plain(gap['source'])}**: {message(gap['what'])}; {message(gap['fix'])}.",
            icon=":material/error:",
        )


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "File": row["name"],
        "Row": row["bill_row"],
        "Column": row["column"],
        "Written": row["written"],
        "Why": row["why"],
        "Source": row["source"],
    }


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "File": config.TextColumn(width=250),
        "Row": config.NumberColumn(
            format="localized", width=75, help="Of the file, the first after the head being 1."
        ),
        "Column": config.TextColumn(width=150),
        "Written": config.TextColumn(width=180, help="As the file has it."),
        "Why": config.TextColumn(width=240),
    }
