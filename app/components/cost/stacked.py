"""Costs month by month, stacked by their parts, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.charts import blank, chart, legend_below
from app.components.cost.buckets import LOOKS, colour_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, hovered, in_units, money
from app.components.cost.month_axis import name_months
from app.components.cost.part_names import Names
from app.components.cost.unknown import why_unknown
from app.components.palette import Palette, palette
from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import answered
from data.costs.views.told import By, Had, Months, Told
from data.store.snapshot import Snapshot

_MOST = 7
"""Parts that have a colour of their own; the rest is drawn as one."""
_OTHERS = "\0others"
"""No part is called so: bills and teams have no such sign."""
_NOTHING = Decimal(0)


def stacked(snapshot: Snapshot, told: Told, found: Months, by: By, names: Names) -> None:
    """Draws all months there are bills of, and marks the one that is chosen.

    Args:
        snapshot: whose costs.
        told: what is asked, and in which currency.
        found: the amounts.
        by: what they are stacked by.
        names: what parts are called.
    """
    if not found:
        st.markdown("Nothing was ever billed of what is chosen here.")
        return
    order = _order(found, by)
    colours = palette()
    figure = blank(colours, 300, f"{told.asked.cost.value} cost, {told.currency}")
    for at, part in enumerate(order):
        figure.add_bar(
            x=[f"{month:%Y-%m}" for month in found],
            y=[_height(one, part, order) for one in found.values()],
            name=names.of(part) if part != _OTHERS else "All others",
            marker_color=_colour(part, at, by, colours),
            hovertemplate=hovered(told.currency),
        )
    figure.update_layout(barmode="relative", bargap=0.25)
    name_months(figure, list(found))
    legend_below(figure, 390)
    figure.update_layout(legend={"traceorder": "normal"})
    chart(figure, f"months by {by.value}", _in_words(found, told.currency))
    _unknown(found)
    with st.expander("The same as a table", icon=":material/table:"):
        _table(snapshot, told, found, by, names)


def _order(found: Months, by: By) -> list[str]:
    """Buckets in their order; of other parts those that are dearest over all months."""
    sums: dict[str, Decimal] = {}
    for one in found.values():
        for part, had in one.items():
            sums[part] = sums.get(part, _NOTHING) + abs(had.amount or _NOTHING)
    if by is By.BUCKET:
        unknown = {p for one in found.values() for p, had in one.items() if had.amount is None}
        return [one.value for one in Bucket if sums.get(one.value) or one.value in unknown]
    dearest = sorted(sums, key=lambda part: (-sums[part], part))
    if len(dearest) <= _MOST + 1:
        return dearest
    return [*dearest[:_MOST], _OTHERS]


def _height(month: Mapping[str, Had], part: str, order: Sequence[str]) -> float | None:
    if _sum(month.values()) is None:
        return None
    if part == _OTHERS:
        return float(_sum(one for p, one in month.items() if p not in order) or _NOTHING)
    return float(month[part].amount or _NOTHING) if part in month else 0.0


def _sum(some: Iterable[Had]) -> Decimal | None:
    """None where one of them is not known."""
    amounts = [one.amount for one in some]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _NOTHING) if len(known) == len(amounts) else None


def _colour(part: str, at: int, by: By, colours: Palette) -> str:
    if by is By.BUCKET:
        return colour_of(Bucket(part), colours)
    return colours.muted if part == _OTHERS else colours.series[at % len(colours.series)]


def _unknown(found: Months) -> None:
    why: dict[str, list[date]] = {}
    for month, one in found.items():
        lacking, untold = sum(h.lacking for h in one.values()), sum(h.untold for h in one.values())
        reason = why_unknown(lacking, untold)
        if reason is not None:
            why.setdefault(reason, []).append(month)
    for reason, months in why.items():
        first, last = f"{months[0]:%B %Y}", f"{months[-1]:%B %Y}"
        span = first if first == last else f"{first} – {last}"
        many = "1 month has" if len(months) == 1 else f"{len(months)} months have"
        st.caption(f"{many} no bar, since {reason}: {span}.")


def _in_words(found: Months, currency: str) -> str:
    sums = {month: _sum(one.values()) for month, one in found.items()}
    totals = {month: amount for month, amount in sums.items() if amount is not None}
    if not totals:
        return "No month has a sum"
    first, last = min(totals), max(totals)
    most, least = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
    return (
        f"{len(totals)} billing months, from {money(totals[first], currency)} in {first:%B %Y} to "
        f"{money(totals[last], currency)} in {last:%B %Y}; most in {most:%B %Y}, "
        f"{money(totals[most], currency)}, least in {least:%B %Y}, "
        f"{money(totals[least], currency)}."
    )


def _table(snapshot: Snapshot, told: Told, found: Months, by: By, names: Names) -> None:
    order = [part for part in _order(found, by) if part != _OTHERS]
    lines: list[dict[str, Any]] = []
    for month, one in sorted(found.items(), reverse=True):
        rest = _sum(had for part, had in one.items() if part not in order)
        lines.append(
            {
                "Month": f"{month:%Y-%m}",
                "All": in_units(_sum(one.values()), told.currency),
                **{names.of(part): _shown(one.get(part), told.currency) for part in order},
                **({} if rest == 0 else {"All others": in_units(rest, told.currency)}),
            }
        )
    helps = {LOOKS[bucket].title: LOOKS[bucket].means for bucket in Bucket}
    columns = {name for line in lines for name in line} - {"Month"}
    st.dataframe(
        lines,
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= 13 else 495,
        column_config={
            name: amount_column(told.currency, help=helps.get(name)) for name in columns
        },
        alt="One row a billing month: the sum and its parts",
    )
    extract = Extract.of(
        snapshot, "told_months", f"costs month by month, by {by.value}", told.asked,
        {"by": by.value, "team": ", ".join(told.teams) or None, "told in": told.currency},
    )  # fmt: skip
    rows = answered(snapshot, "told_months", told.asked, by=by.value, **told.parameters)
    csv_button(extract, rows, count=len(rows), key=f"months by {by.value} csv", label="As CSV")


def _shown(had: Had | None, currency: str) -> Decimal | None:
    return None if had is None else in_units(had.amount, currency)
