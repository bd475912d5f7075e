"""What bills hold of each account, month and invoice, where it went, and the difference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from app.components.cost.buckets import LOOKS
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units, parts_in_units
from data.costs.allocation.bucket import Bucket
from data.costs.money import exact
from data.costs.views.asked import Asked, answered
from data.costs.views.reconciled import Line, Sum
from data.store.snapshot import Snapshot

_TALL = (14, 530)
_WIDE = 78


def reconciled(snapshot: Snapshot, asked: Asked, lines: Sequence[Line]) -> None:
    """Lists them; cents are set so that each row still adds up."""
    if not lines:
        st.markdown("No bill is in effect in what is chosen here.")
        return
    used = [bucket for bucket in Bucket if any(line.sum.buckets[bucket] for line in lines)]
    st.dataframe(
        filled(
            [
                _shown(line, used, has_month=asked.month is None, has_source=of_several(lines))
                for line in lines
            ]
        ),
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= _TALL[0] else _TALL[1],
        column_config=_columns(used, {line.sum.currency for line in lines}),
        alt="One row an account, billing month and invoice: what its bills hold, what of it went "
        "where, and the difference",
    )
    st.markdown(
        ":small[Cents are set so that each row adds up, so one can differ by a cent from the same "
        "figure elsewhere. The file has all digits.]"
    )
    extract = Extract.of(snapshot, "reconciliation", "bills, and where they went", asked)
    csv_button(
        extract,
        lambda: answered(snapshot, "reconciliation", asked),
        count=len(lines),
        key="reconciliation csv",
        label="Reconciliation as CSV",
    )


def of_several(lines: Sequence[Line]) -> bool:
    """Whether several sources tell of one account; else the account says whose bill it is."""
    told = {(line.account, line.source) for line in lines}
    return len(told) > len({line.account for line in lines})


def _shown(
    line: Line, used: Sequence[Bucket], *, has_month: bool, has_source: bool
) -> Mapping[str, Any]:
    told = line.sum
    return {
        "Account": line.account,
        **({"Month": f"{line.month:%Y-%m}"} if has_month else {}),
        "Invoice": line.invoice,
        "Currency": told.currency,
        **_amounts(told, used, is_told=line.is_told),
        "Rows": told.rows,
        **({"Source": line.source} if has_source else {}),
    }


def _amounts(told: Sum, used: Sequence[Bucket], *, is_told: bool) -> Mapping[str, Any]:
    if not is_told:
        names = ("Bills", *(LOOKS[bucket].title for bucket in used), "Out")
        return {**dict.fromkeys(names), "Difference": "not told"}
    parts = parts_in_units(told.buckets, told.currency)
    return {
        "Bills": in_units(told.amount, told.currency),
        **{LOOKS[bucket].title: parts[bucket] for bucket in used},
        "Out": in_units(told.out, told.currency),
        "Difference": f"{'✓' if told.adds_up else '✗'} {exact(told.difference)}",
    }


def _columns(used: Sequence[Bucket], currencies: Collection[str]) -> dict[str, Any]:
    config = st.column_config
    return {
        "Account": config.TextColumn(width=80),
        "Month": config.TextColumn(width=65),
        "Invoice": config.TextColumn(width=82, help="None: the bill names none yet."),
        "Currency": config.TextColumn(width=65),
        "Bills": amount_column(
            *currencies,
            width=_WIDE,
            help="What rows that could be counted hold, as they were read.",
        ),
        **{
            LOOKS[one].title: amount_column(
                *currencies, width=max(_WIDE, 8 * len(LOOKS[one].title)), help=LOOKS[one].means
            )
            for one in used
        },
        "Out": amount_column(
            *currencies, width=_WIDE, help="The sum of what was allocated, counted anew."
        ),
        "Difference": config.TextColumn(
            width=75, alignment="right", help="To the last digit, not rounded."
        ),
        "Rows": config.NumberColumn(format="localized", width=52),
    }
