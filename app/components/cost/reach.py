"""How far the bills of each source reach: the newest month, its age, and months without a bill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from app.wording import ago, plain
from data.costs.views.told import Billed


def reach(found: Sequence[Billed], now: datetime) -> None:
    """Lists the accounts that bills are for."""
    st.table(
        {
            "Source": [f"**{plain(one.source)}**" for one in found],
            "Account": [plain(one.account) for one in found],
            "Newest month": [f"{one.last_month:%B %Y}" for one in found],
            "Its invoice": [plain(one.last_invoice) if one.last_invoice else "–" for one in found],
            "Written": [ago(one.written_at, now) for one in found],
            "Months": [_months(one) for one in found],
            "Files": [f"{one.files:,}" for one in found],
        },
        border="horizontal",
        hide_index=True,
        alt="One row an account: its newest bill, how old it is, and months without a bill",
    )


def behind_the_others(found: Sequence[Billed]) -> str | None:
    """Says which accounts have no bill of the newest month, so that its sum is not whole."""
    newest = max((one.last_month for one in found), default=None)
    late = [one for one in found if newest is not None and one.last_month < newest]
    if not late:
        return None
    named = ", ".join(f"{one.source} ({one.account}) ends with {one.last_month:%B %Y}"
                      for one in late)  # fmt: skip
    return f"No bill of {newest:%B %Y} yet: {named}."


def _months(one: Billed) -> str:
    told = f"{one.months:,} since {one.first_month:%b %Y}"
    if not one.missing:
        return f"{told}, none missing"
    return f"{told}, :orange-badge[:material/warning: {one.missing:,} missing]"
