"""What became of costs month by month: bars stacked by bucket, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import streamlit as st

from app.components.charts import blank, chart, legend_below
from app.components.cost.buckets import LOOKS, colour_of
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.money import amount_column, hovered, in_units, money, parts_in_units
from app.components.cost.month_axis import name_months
from app.components.cost.unknown import NOT_TOLD
from app.components.palette import palette
from app.wording import percent
from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

Months = Mapping[date, Mapping[Bucket, Decimal | None]]
_NOTHING = Decimal(0)


def months(snapshot: Snapshot, asked: Asked, found: Months) -> None:
    """Draws all months that there are bills of, whichever one is chosen."""
    if not found:
        st.markdown("Nothing was ever billed of what is chosen here.")
        return
    currency = asked.currency or ""
    used = [
        bucket for bucket in Bucket if any(one.get(bucket, _NOTHING) != 0 for one in found.values())
    ]
    colours = palette()
    figure = blank(colours, 300, f"{asked.cost.value} cost, {currency}")
    for bucket in used:
        figure.add_bar(
            x=[f"{month:%Y-%m}" for month in found],
            y=[
                None if None in one.values() else float(one.get(bucket) or _NOTHING)
                for one in found.values()
            ],
            name=LOOKS[bucket].title,
            marker_color=colour_of(bucket, colours),
            hovertemplate=hovered(currency),
        )
    figure.update_layout(barmode="relative", bargap=0.25)
    name_months(figure, list(found))
    legend_below(figure, 370)
    figure.update_layout(legend={"traceorder": "normal"})
    chart(figure, "months", in_words(found, currency))
    unknown = sum(None in one.values() for one in found.values())
    if unknown:
        many = "1 month has" if unknown == 1 else f"{unknown:,} months have"
        st.caption(f"{many} no bar, since {NOT_TOLD}.")
    with st.expander("The same as a table", icon=":material/table:"):
        _table(snapshot, asked, found, used)


def in_words(found: Months, currency: str) -> str:
    """The chart for who cannot see it."""
    sums = {month: _sum(one.values()) for month, one in found.items()}
    totals = {month: amount for month, amount in sums.items() if amount is not None}
    if not totals:
        return f"{len(found)} billing months; no month has a sum."
    last = max(found)
    parts = ", ".join(
        f"{LOOKS[bucket].title.lower()} {money(amount, currency)}"
        for bucket, amount in found[last].items()
    )
    most = max(totals, key=totals.__getitem__)
    return (
        f"{len(found)} billing months by bucket; most in {most:%B %Y}, "
        f"{money(totals[most], currency)}. In {last:%B %Y}: {parts}."
    )


def _table(snapshot: Snapshot, asked: Asked, found: Months, used: list[Bucket]) -> None:
    currency = asked.currency or ""
    lines = []
    for month, one in sorted(found.items(), reverse=True):
        all_ = _sum(one.values())
        lines.append(
            {
                "Month": f"{month:%Y-%m}",
                **{LOOKS[bucket].title: amount for bucket, amount in _shown(one, used, currency)},
                "All": in_units(all_, currency),
                "Coverage": _coverage(one),
            }
        )
    st.dataframe(
        lines,
        hide_index=True,
        placeholder="–",
        height="content" if len(lines) <= 14 else 530,
        column_config={
            **{LOOKS[one].title: amount_column(currency, help=LOOKS[one].means) for one in used},
            "All": amount_column(currency),
            "Coverage": st.column_config.TextColumn(alignment="right"),
        },
        alt="One row a billing month: what each bucket had, and coverage",
    )
    extract = Extract.of(snapshot, "buckets", "buckets month by month", asked)
    rows = answered(snapshot, "buckets", asked)
    csv_button(extract, rows, count=len(rows), key="buckets csv", label="Buckets as CSV")


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None where one of them is not known."""
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return sum(known, _NOTHING) if len(known) == len(found) else None


def _shown(
    one: Mapping[Bucket, Decimal | None], used: list[Bucket], currency: str
) -> Iterator[tuple[Bucket, Decimal | None]]:
    """Amounts in whole units that add up to their rounded sum, where all are known."""
    known = {bucket: amount for bucket, amount in one.items() if amount is not None}
    parts = {
        bucket: known.get(bucket, _NOTHING) for bucket in used if one.get(bucket, 0) is not None
    }
    rounded = parts_in_units(parts, currency)
    for bucket in used:
        yield bucket, rounded.get(bucket)


def _coverage(one: Mapping[Bucket, Decimal | None]) -> str | None:
    ours = _sum(amount for bucket, amount in one.items() if bucket is not Bucket.EXCLUDED)
    left = one.get(Bucket.UNALLOCATED, _NOTHING)
    if ours is None or left is None or ours <= 0:
        return None
    return percent(float(1 - left / ours))
