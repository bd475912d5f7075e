"""Resources that nobody has, those first that could be a team's, each with its row in the bill."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.console import console_column
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units, money
from app.components.cost.somebody import somebody
from app.components.cost.tags import tags_told
from app.wording import listed, plain
from data.costs.consoles import console_address
from data.costs.views.asked import answered
from data.costs.views.team import Unowned
from data.costs.views.told import Told
from data.store.snapshot import Snapshot


def team_nobody(snapshot: Snapshot, told: Told, found: Sequence[Unowned]) -> None:
    """Lists them."""
    if not found:
        st.markdown(somebody(snapshot, told.asked, "resource"))
        return
    named = [one for one in found if one.resource is not None]
    near = len({(one.account, one.resource_id, one.resource) for one in named if one.is_near})
    st.markdown(
        ":small[No rule matches these, or their pool has nobody for a part of them: no team pays. "
        + (f"**{near:,}** {'is' if near == 1 else 'are'} in an account and service in which this "
           "team has charges of its own: tag what is yours. " if near else "")
        + "The row is that of the largest charge in its file.]"
    )  # fmt: skip
    if named:
        _table(named, has_month=told.asked.month is None)
    if len(named) < len(found):
        st.markdown(f":small[{unnamed([one for one in found if one.resource is None])}]")
    rows = answered(snapshot, "team_nobody", told.asked, **told.parameters)
    extract = Extract.of(
        snapshot,
        "team_nobody",
        "resources that nobody has",
        told.asked,
        {"team": ", ".join(told.teams)},
    )
    csv_button(extract, rows, count=len(rows), key="resources csv", label="As CSV")


def unnamed(found: Sequence[Unowned]) -> str:
    """What charges come to that name no resource, so that there is nothing to tag."""
    count = sum(one.rows for one in found)
    sums = []
    for currency in sorted({one.currency for one in found}):
        amounts = [one.amount for one in found if one.currency == currency]
        known = [amount for amount in amounts if amount is not None]
        is_known = len(known) == len(amounts)
        told = money(sum(known, Decimal(0)), currency) if is_known else f"{currency} not known"
        sums.append(plain(told))
    services = listed(sorted({one.service or "no service" for one in found}), 6)
    charges = "1 charge names" if count == 1 else f"{count:,} charges name"
    return (
        f"Besides, {charges} no resource: {listed(sums, len(sums))}, of {plain(services)}. "
        "Allocation lists them by account and service, and the file has them."
    )


def _table(found: Sequence[Unowned], *, has_month: bool) -> None:
    st.dataframe(
        filled([_line(one, has_month=has_month) for one in found], "Cost"),
        hide_index=True,
        placeholder="–",
        height="content" if len(found) <= 12 else 460,
        column_config=_columns({one.currency for one in found}),
        alt="One row a resource that nobody has in a month: its cost, its place and its tags",
    )


def _line(one: Unowned, *, has_month: bool) -> dict[str, Any]:
    return {
        "Near": "✓ near" if one.is_near else None,
        "Resource": one.resource,
        "Month": f"{one.billing_month:%Y-%m}" if has_month else None,
        "Console": console_address(one.resource_id),
        "Cost": in_units(one.amount, one.currency),
        "Currency": one.currency,
        "Service": one.service,
        "Account": one.account,
        "Sub-account": one.sub_account,
        "Tags": tags_told(one.tags) or "none",
        "File": one.bill,
        "Row": one.bill_row,
        "Why": one.reason,
    }


def _columns(currencies: Collection[str]) -> dict[str, Any]:
    config = st.column_config
    return {
        "Near": config.TextColumn(
            width=65, help="The team has charges of its own in the same account and service."
        ),
        "Resource": config.TextColumn(width=140),
        "Month": config.TextColumn(width=70),
        "Console": console_column(),
        "Service": config.TextColumn(width=110),
        "Cost": amount_column(*currencies, help="In the currency of its bill."),
        "Currency": config.TextColumn(width=70),
        "Account": config.TextColumn(width=85),
        "Sub-account": config.TextColumn(width=105),
        "Tags": config.TextColumn(width=130),
        "File": config.TextColumn(width=160),
        "Row": config.NumberColumn(
            format="localized", width=52, help="Of the file, the first after the head being 1."
        ),
        "Why": config.TextColumn(width=250),
    }
