"""From what bills say in each currency to the one sum of a page, so that anybody can add it up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.money import number, parts_in_units
from data.costs.allocation.bucket import Bucket
from data.costs.money import exact
from data.costs.views.reconciled import Sum
from data.costs.views.told import Paid, Told

STEP, ALL = "Step", "All"
"""Columns beside those of the currencies."""
_OURS, _NOT_OURS = "ours", "not ours"


def bridge(told: Told, totals: Sequence[Sum], found: Sequence[Paid]) -> None:
    """Shows the steps, where there are any between the bills and the sum that all is known of.

    Args:
        told: what is asked, and in which currency.
        totals: what the bills hold, of each currency.
        found: what of it is ours, of each currency.
    """
    rows = steps(told.currency, totals, found)
    if not told.is_reporting or not rows:
        return
    st.markdown(f":small[**From the bills to the sum**, {told.asked.cost.value} cost]")
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        column_config=_columns(
            [one.currency for one in found],
            {one.currency for one in found if one.least_rate != one.most_rate},
        ),
        alt="One column a currency of the bills, one row a step: what they hold, what of it is not "
        "our cost, the rate, and the amount in the currency of the sum, which is at the end",
    )


def steps(
    currency: str, totals: Sequence[Sum], found: Sequence[Paid]
) -> Sequence[Mapping[str, str]]:
    """The rows of the table; none where bills are in one currency and all of them is our cost.

    Args:
        currency: of the sum.
        totals: what the bills hold, of each currency.
        found: what of it is ours; of one that is not known there is no sum, and so no steps.
    """
    held = {one.currency: one for one in totals}
    reported = {one.currency: one.reported for one in found}
    known = {name: amount for name, amount in reported.items() if amount is not None}
    if len(known) < len(reported) or not known or not set(known) <= set(held):
        return []
    left = any(held[name].buckets[Bucket.EXCLUDED] for name in known)
    columns = {one.currency: _column(held[one.currency], has_left=left) for one in found}
    if list(known) == [currency]:
        return [{STEP: step, currency: told} for step, told in columns[currency].items() if left]
    shown, last = parts_in_units(known, currency), f"In {currency}"
    for one in found:
        columns[one.currency] |= {"Rate": _rate(one), last: number(shown[one.currency], currency)}
    columns[ALL] = {last: number(sum(shown.values(), Decimal(0)), currency)}
    return [
        {STEP: step, **{name: column.get(step, "") for name, column in columns.items()}}
        for step in columns[found[0].currency]
    ]


def _column(total: Sum, *, has_left: bool) -> dict[str, str]:
    """The steps of one currency of the bills."""
    left = total.buckets[Bucket.EXCLUDED]
    amounts = parts_in_units({_OURS: total.amount - left, _NOT_OURS: left}, total.currency)
    taken = {
        "Not our cost": number(-amounts[_NOT_OURS], total.currency),
        "Our cost": number(amounts[_OURS], total.currency),
    }
    return {"Bills hold": number(total.amount, total.currency), **(taken if has_left else {})}


def _rate(one: Paid) -> str:
    if one.currency == one.reporting_currency or one.least_rate is None or one.most_rate is None:
        return ""
    if one.least_rate == one.most_rate:
        return f"× {exact(one.least_rate)}"
    return f"× {exact(one.least_rate)}\N{EN DASH}{exact(one.most_rate)}"


def _columns(names: Sequence[str], ranging: Collection[str]) -> Mapping[str, Any]:
    """Those of a rate that changed have room for both ends of it."""
    config = st.column_config
    wide = {name: 114 if name in ranging else 88 for name in (*names, ALL)}
    return {
        STEP: config.TextColumn(width=78 if ranging else 95),
        **{name: config.TextColumn(alignment="right", width=px) for name, px in wide.items()},
    }
