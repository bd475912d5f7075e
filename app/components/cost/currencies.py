"""What a sum is made of in the currencies of the bills, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from app.components.cost.money import money
from app.components.cost.unknown import NOT_TOLD
from app.wording import plain
from data.costs.money import exact
from data.costs.views.told import Paid, Told, why_not
from data.store.snapshot import Snapshot


def currencies(
    snapshot: Snapshot, told: Told, found: Sequence[Paid], *, is_made: bool = True
) -> None:
    """Says what the bills are in and how that was converted.

    Args:
        snapshot: whose costs.
        told: what is asked, and in which currency.
        found: what there is of each currency.
        is_made: whether it is said how the sum is made of them; else the page has a table of it.
    """
    why = why_not(snapshot, told)
    if why is not None:
        each = ", ".join(f"**{plain(money(one.amount, one.currency))}**" for one in found)
        st.warning(
            f"There is no sum in one currency: {plain(why)}. In the currencies of the bills: "
            f"{each}. Choose one of them in the sidebar to see the rest of this page.",
            icon=":material/currency_exchange:",
        )
        return
    others = [one for one in found if one.currency != told.currency]
    if not others:
        return
    if told.is_reporting:
        if is_made:
            st.markdown(f":small[{' · '.join(_made(one, told.currency) for one in found)}]")
        return
    left = ", ".join(f"**{plain(money(one.amount, one.currency))}**" for one in others)
    told_of = f"Not in these figures, which are in {told.currency} alone"
    st.markdown(f":small[{told_of}: {left}.{_way(found)}]")


def of_asked(told: Told, found: Sequence[Paid]) -> tuple[Paid, ...]:
    """The currencies that figures are made from."""
    return tuple(one for one in found if told.is_reporting or one.currency == told.currency)


def _way(found: Sequence[Paid]) -> str:
    """How to have all in one currency, where none is named."""
    if any(one.reporting_currency for one in found):
        return ""
    return " To have one sum, name its currency and a file of rates under `[cost]` in `cairn.toml`."


def _made(one: Paid, currency: str) -> str:
    """One currency's part: `20,344.00 USD × 0.8861 = 18,026.82 EUR`."""
    if one.currency == currency:
        return plain(f"{money(one.amount, currency)} in bills in {currency}")
    if one.amount is None:
        return plain(f"{one.currency} not known: {NOT_TOLD}")
    return plain(
        f"{money(one.amount, one.currency)} × {_rate(one.least_rate, one.most_rate)} = "
        f"{money(one.reported, currency)}"
    )


def _rate(least: Decimal | None, most: Decimal | None) -> str:
    if least is None or most is None:
        return "–"
    if least == most:
        return exact(least)
    return f"{exact(least)} to {exact(most)}"
