"""One commitment, month by month, and the lines behind a month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.commitments import identity_words
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from app.wording import plain
from data.costs.views.asked import Asked
from data.costs.views.commitments import Identity, Month
from data.store.snapshot import Snapshot

_KIND = "month"
_ALWAYS = ("Utilisation", "Unused", "Used", "Bought")
"""Columns that tell by a dash that it is not known."""


def commitment_months(
    snapshot: Snapshot, asked: Asked, months: Sequence[Month], compared: Sequence[Identity]
) -> None:
    """Lists all months of one commitment, the newest first; a chosen one shows its lines.

    Args:
        snapshot: whose commitment.
        asked: which costs; its month narrows nothing here.
        months: at least one.
        compared: whether what was paid is what was used and left unused.
    """
    shown = sorted(months, key=lambda one: one.month, reverse=True)
    first = shown[0]
    st.subheader(plain(first.name or first.id), anchor="commitment")
    told = [first.type, first.category, first.provider, first.account, first.id]
    st.markdown(f":small[{' · '.join(plain(one) for one in told if one)}]")
    names = [f"{one.month:%Y-%m}" for one in shown]
    openable(
        filled([_line(one, compared, asked.currency or "") for one in shown], *_ALWAYS),
        opening(_KIND, names),
        key=f"months of {first.id} {asked.currency}",
        columns=_columns(asked.currency or ""),
        tall=(12, 460),
        alt="One row a billing month: bought, used, unused, and whether that adds up",
    )
    name = open_of(_KIND)
    if name in names:
        month = shown[names.index(name)].month
        of_month = Asked(month, asked.currency, asked.source, asked.cost)
        title = f"{first.name or first.id} in {month:%B %Y}"
        figure = Figure(title, {"commitment_id": first.id}, rollup="commitment_month")
        behind(snapshot, of_month, figure)


def _line(one: Month, compared: Sequence[Identity], currency: str) -> dict[str, Any]:
    use = one.use
    amounts = {
        "Bought": use.bought,
        "Used": use.used,
        "Unused": use.unused,
        "Use not known": one.untold,
    }
    mine = [each for each in compared if each.month == one.month]
    whole = [each for each in compared if each.month is None]
    return {
        "Month": f"{one.month:%Y-%m}",
        "Utilisation": None if use.utilisation is None else float(use.utilisation * 100),
        **{n: None if a is None else in_units(a, currency) for n, a in amounts.items()},
        "Paid = used + unused": identity_words(mine) if mine else _over_all(whole),
        "Charges": one.charges,
    }


def _over_all(whole: Sequence[Identity]) -> str:
    return f"over all of its time: {identity_words(whole)}" if whole else identity_words(())


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "Month": config.TextColumn(width=80),
        "Utilisation": config.ProgressColumn(
            format="%.1f %%", min_value=0, max_value=100, width=125
        ),
        "Bought": amount_column(currency),
        "Used": amount_column(currency),
        "Unused": amount_column(currency),
        "Use not known": amount_column(
            currency, help="Usage under it of which no bill says whether it counts."
        ),
        "Paid = used + unused": config.TextColumn(width=260),
        "Charges": config.NumberColumn(format="localized", width=80),
    }
