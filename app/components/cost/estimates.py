"""What sources estimate that billed cost leaves out: how much there is, and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from app.wording import listed, plain
from data.costs.views.asked import Asked, Cost, answered
from data.costs.views.estimates import Estimate
from data.store.snapshot import Snapshot

_KIND = "estimate"
_MOST = 3


def left_out_in_words(found: Sequence[Estimate]) -> str:
    """That estimates are no part of billed cost, as Markdown: of how many sources and charges."""
    sources = sorted({one.source for one in found})
    charges = sum(one.charges for one in found)
    of = "1 source" if len(sources) == 1 else f"{len(sources):,} sources"
    many = "1 charge" if charges == 1 else f"{charges:,} charges"
    return (
        f":material/calculate: Estimates of {of} ({plain(listed(sources, _MOST))}), **{many}**, "
        "are not part of billed cost: nothing of an estimate is billed."
    )


def is_opened() -> bool:
    """Whether the lines of an estimate are shown."""
    return open_of(_KIND) is not None


def estimates_table(snapshot: Snapshot, asked: Asked, found: Sequence[Estimate]) -> None:
    """Lists what is estimated; a chosen row shows its lines, with their effective cost."""
    st.markdown(
        ":small[What these sources estimate is part of effective cost. What is paid for it is in "
        "the bills of the provider. Choose a row to see its lines.]"
    )
    names = [f"{one.source}/{one.account}/{one.billing_month:%Y-%m}/{one.currency}"
             for one in found]  # fmt: skip
    openable(
        [_line(one) for one in found],
        opening(_KIND, names),
        key=f"estimates {asked}",
        columns={
            "Effective": amount_column(*{one.currency for one in found}),
            "Billed": st.column_config.TextColumn(width=140),
        },
        tall=(12, 460),
        alt="One row a source, account, month and currency: what is estimated, and never billed",
    )
    effective = replace(asked, cost=Cost.EFFECTIVE)
    extract = Extract.of(snapshot, "estimates", "what is estimated, and never billed", effective)
    csv_button(
        extract, lambda: answered(snapshot, "estimates", effective),
        count=len(found), key="estimates csv", label="Estimates as CSV",
    )  # fmt: skip
    name = open_of(_KIND)
    if name in names:
        one = found[names.index(name)]
        behind(snapshot, replace(effective, currency=one.currency), _figure(one))


def _line(one: Estimate) -> dict[str, Any]:
    return {
        "Source": one.source,
        "Account": one.account,
        "Month": f"{one.billing_month:%Y-%m}",
        "Currency": one.currency,
        "Charges": one.charges,
        "Effective": in_units(one.effective_cost, one.currency),
        "Billed": "an estimate",
    }


def _figure(one: Estimate) -> Figure:
    title = f"what {one.source} estimates of {one.account} in {one.billing_month:%B %Y}"
    where = {"is_estimate": True, "source": one.source, "account": one.account,
             "billing_month": one.billing_month}  # fmt: skip
    return Figure(title, where)
