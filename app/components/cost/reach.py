"""How far the bills of each source reach: the newest month, its age, and months without a bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from app.components.cost.filled import filled
from app.wording import ago
from data.costs.views.told import Billed


def reach(found: Sequence[Billed], now: datetime) -> None:
    """Lists the accounts that bills are for."""
    config = st.column_config
    st.dataframe(
        filled([_line(one, now) for one in found]),
        hide_index=True,
        placeholder="–",
        height="content",
        column_config={
            "Newest month": config.TextColumn(width=120),
            "Its invoice": config.TextColumn(width=110, help="None: the bill names none yet."),
            "Missing": config.NumberColumn(
                width=80, help="Months between the first and the newest without a bill."
            ),
        },
        alt="One row an account: its newest bill, how old it is, and months without a bill",
    )


def _line(one: Billed, now: datetime) -> dict[str, Any]:
    return {
        "Source": one.source,
        "Account": one.account,
        "Newest month": f"{one.last_month:%B %Y}",
        "Its invoice": one.last_invoice,
        "Written": ago(one.written_at, now),
        "First month": f"{one.first_month:%B %Y}",
        "Months": one.months,
        "Missing": one.missing,
        "Files": one.files,
    }


def behind_the_others(found: Sequence[Billed]) -> str | None:
    """Says which accounts have no bill of the newest month, so that its sum is not whole."""
    newest = max((one.last_month for one in found), default=None)
    late = [one for one in found if newest is not None and one.last_month < newest]
    if not late:
        return None
    named = ", ".join(f"{one.source} ({one.account}) ends with {one.last_month:%B %Y}"
                      for one in late)  # fmt: skip
    return f"No bill of {newest:%B %Y} yet: {named}."
