"""Commitments through time: what was used and what was not, and the share that was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import streamlit as st

from app.components.charts import blank, chart, legend_below
from app.components.cost.buckets import colour_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, hovered, in_units, money
from app.components.cost.month_axis import name_months
from app.components.palette import palette
from app.wording import percent
from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import Asked, answered
from data.costs.views.commitments import Month, Use, added
from data.store.snapshot import Snapshot

MOST = 5
"""Commitments with a line of their own; more could not be told apart."""
_STYLES = ("solid", "dash", "dot", "dashdot", "longdash")


def commitment_trend(snapshot: Snapshot, asked: Asked, found: Sequence[Month]) -> None:
    """Draws money and utilisation side by side, and tells the same as a table.

    Args:
        snapshot: whose commitments.
        asked: names the currency.
        found: all months of all commitments.
    """
    currency = asked.currency or ""
    by_month = {
        month: added(one for one in found if one.month == month)
        for month in sorted({one.month for one in found})
    }
    left, right = st.columns(2)
    with left:
        _money(by_month, currency)
    with right:
        _shares(found, by_month)
    with st.expander("The same as a table", icon=":material/table:"):
        _table(by_month, currency)
        whole = replace(asked, month=None)
        rows = answered(snapshot, "commitments", whole)
        extract = Extract.of(snapshot, "commitments", "commitments month by month", whole)
        csv_button(extract, rows, count=len(rows), key="trend csv", label="All months as CSV")


def _table(by_month: Mapping[date, Use], currency: str) -> None:
    st.dataframe(
        [
            {
                "Month": f"{month:%Y-%m}",
                "Bought": in_units(use.bought, currency) if use.bought is not None else None,
                "Used": in_units(use.used, currency) if use.used is not None else None,
                "Unused": in_units(use.unused, currency) if use.unused is not None else None,
                "Utilisation": _hundredths(use.utilisation),
            }
            for month, use in sorted(by_month.items(), reverse=True)
        ],
        hide_index=True,
        placeholder="–",
        height="content" if len(by_month) <= 14 else 530,
        column_config={
            **{name: amount_column(currency) for name in ("Bought", "Used", "Unused")},
            "Utilisation": st.column_config.NumberColumn(format="%.1f %%"),
        },
        alt="One row a billing month: bought, used and unused of all commitments",
    )


def _money(by_month: Mapping[date, Use], currency: str) -> None:
    colours = palette()
    figure = blank(colours, 290, f"used and unused, {currency}")
    for name, bucket, amounts in (
        ("Used", Bucket.DIRECT, [use.used for use in by_month.values()]),
        ("Unused", Bucket.IDLE, [use.unused for use in by_month.values()]),
    ):
        figure.add_bar(
            x=_names(by_month), y=[None if one is None else float(one) for one in amounts],
            name=name, marker_color=colour_of(bucket, colours), hovertemplate=hovered(currency),
        )  # fmt: skip
    figure.update_layout(barmode="relative", bargap=0.25)
    name_months(figure, list(by_month))
    legend_below(figure, 350)
    chart(figure, "commitment money", _money_words(by_month, currency))


def _shares(found: Sequence[Month], by_month: Mapping[date, Use]) -> None:
    colours = palette()
    figure = blank(colours, 290, "utilisation, %")
    largest = _largest(found)
    if len(largest) > 1:
        for number, (name, months) in enumerate(largest.items()):
            uses = {one.month: one.use.utilisation for one in months}
            figure.add_scatter(
                x=_names(by_month), y=[_hundredths(uses.get(month)) for month in by_month],
                name=months[0].name or name, mode="lines", connectgaps=False,
                line={"color": colours.series[number], "width": 1.6, "dash": _STYLES[number]},
                hovertemplate="%{y:.1f} %",
            )  # fmt: skip
    figure.add_scatter(
        x=_names(by_month), y=[_hundredths(use.utilisation) for use in by_month.values()],
        name="All", mode="lines+markers", line={"color": colours.text, "width": 2.4},
        connectgaps=False, hovertemplate="%{y:.1f} %",
    )  # fmt: skip
    figure.update_yaxes(range=[0, 105])
    name_months(figure, list(by_month))
    legend_below(figure, 350 + 12 * (len(largest) - 1))
    chart(figure, "commitment shares", _share_words(by_month))


def _largest(found: Sequence[Month]) -> Mapping[str, Sequence[Month]]:
    by_id: dict[str, list[Month]] = {}
    for one in found:
        by_id.setdefault(one.id, []).append(one)
    order = sorted(by_id, key=lambda name: -(added(by_id[name]).whole or Decimal(0)))
    return {name: by_id[name] for name in order[:MOST]}


def _hundredths(share: Decimal | None) -> float | None:
    return None if share is None else float(share) * 100


def _names(by_month: Mapping[date, Use]) -> list[str]:
    return [f"{month:%Y-%m}" for month in by_month]


def _money_words(by_month: Mapping[date, Use], currency: str) -> str:
    last = max(by_month)
    use = by_month[last]
    return (
        f"{len(by_month)} months of commitments. In {last:%B %Y}: "
        f"used {money(use.used, currency)}, unused {money(use.unused, currency)}."
    )


def _share_words(by_month: Mapping[date, Use]) -> str:
    known = {m: use.utilisation for m, use in by_month.items() if use.utilisation is not None}
    if not known:
        return "Utilisation: no bill tells of any use."
    last, lowest = max(known), min(known, key=known.__getitem__)
    return (
        f"Utilisation {percent(float(known[last]))} in {last:%B %Y}; lowest "
        f"{percent(float(known[lowest]))} in {lowest:%B %Y}."
    )
