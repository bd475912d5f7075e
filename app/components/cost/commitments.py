"""The commitments there are: what was bought, used and left unused of each, and that it adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import OPEN
from app.components.openable import openable
from data.costs.money import exact
from data.costs.views.asked import Asked, answered
from data.costs.views.commitments import Identity, Month, added
from data.costs.views.reconciled import State
from data.store.snapshot import Snapshot

CHOSEN = "commitment"
"""Key of the address: the commitment whose months are shown."""
_SIGNS = {State.BROKEN: "✗", State.UNKNOWN: "?", State.HOLDS: "✓", State.NOT_APPLICABLE: "–"}
"""The worst first."""

_ALWAYS = ("Utilisation", "Unused", "Used", "Bought")
"""Columns that tell by a dash that it is not known."""


def commitment_table(
    snapshot: Snapshot,
    asked: Asked,
    found: Mapping[str, Sequence[Month]],
    compared: Mapping[str, Sequence[Identity]],
) -> None:
    """Lists the commitments, the one with most unused first; a chosen one shows its months.

    Args:
        snapshot: whose commitments.
        asked: which costs.
        found: the months of each that are asked for.
        compared: whether what was paid for each is what its use comes to.
    """
    order = sorted(found, key=lambda name: (-(added(found[name]).unused or Decimal(0)), name))

    def choose(at: int | None) -> None:
        st.session_state[CHOSEN] = "" if at is None else order[at]
        st.session_state[OPEN] = ""

    currency = asked.currency or ""
    openable(
        filled(
            [_line(name, found[name], compared.get(name, ()), currency) for name in order], *_ALWAYS
        ),
        choose,
        key=f"commitments {asked}",
        columns=_columns(currency),
        tall=(15, 565),
        alt="One row a commitment: bought, used, unused, and whether what was paid is what was "
        "used and left unused",
    )
    rows = answered(snapshot, "commitments", asked)
    extract = Extract.of(snapshot, "commitments", "commitments month by month", asked)
    csv_button(extract, rows, count=len(rows), key="commitments csv", label="Commitments as CSV")


def identity_words(compared: Sequence[Identity]) -> str:
    """Whether what was paid is what was used and left unused, in a few words; the worst counts."""
    if not compared:
        return "? not compared"
    worst = min(compared, key=lambda one: list(_SIGNS).index(one.state))
    sign = _SIGNS[worst.state]
    if worst.paid is None or worst.spread is None:
        return f"{sign} {worst.note.partition(': ')[2] or 'not told'}"
    difference = worst.paid - worst.spread
    if worst.state is State.UNKNOWN:
        return f"{sign} {worst.note.partition(': ')[2]}: {exact(difference)} to come"
    when = f" in {worst.month:%Y-%m}" if worst.month and worst.state is State.BROKEN else ""
    return f"{sign} difference {exact(difference)}{when}"


def _line(
    name: str, months: Sequence[Month], compared: Sequence[Identity], currency: str
) -> dict[str, Any]:
    use, first = added(months), months[0]
    return {
        "Commitment": first.name or name,
        "Utilisation": None if use.utilisation is None else float(use.utilisation * 100),
        "Unused": _units(use.unused, currency),
        "Used": _units(use.used, currency),
        "Bought": _units(use.bought, currency),
        "Paid = used + unused": identity_words(compared),
        "Type": first.type,
        "Of": first.category,
        "Provider": first.provider,
        "Account": first.account,
        "Id": name,
    }


def _units(amount: Decimal | None, currency: str) -> Decimal | None:
    return None if amount is None else in_units(amount, currency)


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "Commitment": config.TextColumn(width=150),
        "Utilisation": config.ProgressColumn(
            format="%.1f %%", min_value=0, max_value=100, width=110,
            help="Used ÷ (used + unused), in effective cost. Empty: no bill tells of its use.",
        ),
        "Bought": amount_column(currency, help="Billed for it, at once or month by month."),
        "Used": amount_column(currency, help="Effective cost of what was used."),
        "Unused": amount_column(currency, help="Effective cost of what was paid for and not used."),
        "Paid = used + unused": config.TextColumn(
            width=165,
            help="One that is paid month by month is compared in each month, one that is paid at "
            "once over all of its time.",
        ),
        "Type": config.TextColumn(width=120),
        "Of": config.TextColumn(width=65, help="Whether an amount of use was bought, or of money."),
    }  # fmt: skip
