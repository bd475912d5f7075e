"""The sidebar of a page of costs: billing month, currency, source, and which cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from app.components.address import Address
from app.components.filters import choice
from app.wording import listed, plain
from data.costs.views.asked import Asked, Cost, view_sql
from data.store.snapshot import Snapshot

ALL = "all"
KEYS = ("month", "currency", "bills", "cost")
"""Keys of the address, which all pages of costs have in common."""
COSTS = {
    Cost.EFFECTIVE.value: "Effective (showback)",
    Cost.BILLED.value: "Billed (chargeback)",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What there are bills of."""

    months: tuple[date, ...]
    """Newest first."""
    usual: date
    """The newest billing month that was over when the sources were read, else the oldest."""
    currencies: tuple[str, ...]
    """That of most rows first."""
    sources: tuple[str, ...]


def choices(snapshot: Snapshot) -> Choices:
    """What can be chosen; there is at least one bill that holds."""
    rows = snapshot.remembered(view_sql("choices"))
    months = tuple(sorted({row["billing_month"] for row in rows}, reverse=True))
    over = [row["billing_month"] for row in rows if row["until"] <= snapshot.as_of.date()]
    counted: dict[str, int] = {}
    for row in rows:
        counted[row["currency"]] = counted.get(row["currency"], 0) + row["rows"]
    return Choices(
        months,
        max(over, default=months[-1]),
        tuple(sorted(counted, key=lambda one: (-counted[one], one))),
        tuple(sorted({row["source"] for row in rows})),
    )


def address_of(
    page: str,
    found: Choices,
    own: Mapping[str, str] | None = None,
    *,
    has_cost: bool = True,
) -> Address:
    """What a page keeps in its address.

    Args:
        page: what tells it from others.
        found: what can be chosen.
        own: keys of the page alone, with their defaults.
        has_cost: whether the page tells one of two costs, which is chosen.
    """
    usual = {"month": f"{found.usual:%Y-%m}", "currency": found.currencies[0], "bills": ""}
    usual |= {"cost": Cost.EFFECTIVE.value} if has_cost else {}
    return Address(page, {**usual, **(own or {})})


def asked(address: Address, found: Choices, whole: str = "", *, has_cost: bool = True) -> Asked:
    """Shows the filters in the sidebar and reads them.

    Args:
        address: of the page.
        found: what can be chosen.
        whole: what all currencies together are called, where a page can tell them; else it cannot.
        has_cost: whether one of two costs is chosen; else it is the effective one.
    """
    months = {f"{month:%Y-%m}": month for month in found.months}
    with st.sidebar:
        titles = {ALL: "All months", **{key: f"{one:%B %Y}" for key, one in months.items()}}
        month = choice(address, "Billing month", "month", [*months, ALL], titles)
        currencies = ["", *found.currencies] if whole else list(found.currencies)
        currency = choice(address, "Currency", "currency", currencies, {"": whole})
        source = choice(address, "Source", "bills", ["", *found.sources], {"": "All sources"})
        cost = Cost.EFFECTIVE.value
        if has_cost:
            cost = choice(address, "Cost", "cost", list(COSTS), COSTS)
    return Asked(months.get(month), currency or None, source or None, Cost(cost))


def asked_line(one: Asked, found: Choices, whole: str = "") -> str:
    """All filters spelled out, as Markdown; `whole` is what all currencies together are called."""
    currency = f"bills in {one.currency}" if one.currency else whole
    parts = [
        f"**{one.month:%B %Y}**" if one.month else f"**All months**: {_span(found.months)}",
        plain(currency or listed(list(found.currencies))),
        plain(one.source) if one.source else "all sources",
        f"{one.cost.value} cost",
    ]
    return " · ".join(parts)


def _span(months: Sequence[date]) -> str:
    first, last = months[-1], months[0]
    return f"{first:%B %Y}" if first == last else f"{first:%B %Y} – {last:%B %Y}"
