"""When what was asked for happened: how many entries a day, week or month, by kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd
import streamlit as st

from app.components.charts import blank, chart, dated, legend_below
from app.components.palette import Palette, palette
from app.components.trail.asked import Asking
from app.components.trail.stands import many
from app.wording import day
from data.period import Grain, Window, periods
from data.trail.kinds import TITLES, Group
from data.trail.search import Trail

_LONGEST = {Grain.DAY: 45, Grain.WEEK: 750}
"""Days of a window up to which it is cut so."""
_MOST_TICKS = 8
_FEW = 6
"""Entries up to which each has a line of the axis: there are no halves."""

Bars = Mapping[Group, Sequence[int]]


def course(trail: Trail, asking: Asking) -> None:
    """Draws how many entries there are through time, stacked by kind."""
    grain = grain_of(asking.window)
    begins = [cut.start for cut in periods(asking.window, grain)]
    found = bars(trail.course(asking.wanted, grain), begins)
    if not found:
        return
    told = _in_words(found, begins, grain)
    colours = palette()
    figure = blank(colours, 300, f"entries a {grain.value}")
    for group, counts in found.items():
        figure.add_bar(x=begins, y=counts, name=TITLES[group], marker_color=_colour(colours, group))
    figure.update_layout(barmode="stack", bargap=0.12)
    dated(figure)
    if max(map(sum, zip(*found.values(), strict=True))) <= _FEW:
        figure.update_yaxes(dtick=1)
    ticks = begins[:: math.ceil(len(begins) / _MOST_TICKS)]
    figure.update_xaxes(tickvals=ticks, ticktext=_labels(ticks), tickangle=0)
    legend_below(figure, 370)
    figure.update_layout(legend={"traceorder": "normal", "font": {"size": 12}, "maxheight": 0.55})
    chart(figure, "course", told)
    with st.expander("The same as a table", icon=":material/table:"):
        label = f"{grain.value.capitalize()} from (UTC)"
        columns = {TITLES[group]: counts for group, counts in found.items()}
        st.dataframe(
            pd.DataFrame({label: begins, **columns}).iloc[::-1],
            hide_index=True,
            column_config={label: st.column_config.DateColumn(format="YYYY-MM-DD")},
            alt=told,
        )


def grain_of(window: Window) -> Grain:
    """How a window is cut so that its bars can be told apart."""
    return next((grain for grain, most in _LONGEST.items() if window.days <= most), Grain.MONTH)


def bars(counts: Mapping[tuple[datetime, Group], int], begins: Sequence[date]) -> Bars:
    """The counts of each group in order of time; what nothing is told of is left out.

    Args:
        counts: by beginning of the calendar period, and group.
        begins: first days of the periods; the first may be clipped, so that it begins later.
    """
    told: dict[Group, list[int]] = {}
    places = {begin: at for at, begin in enumerate(begins)}
    for (began_at, group), count in counts.items():
        line = told.setdefault(group, [0] * len(begins))
        line[places.get(began_at.date(), 0)] += count
    return {group: told[group] for group in Group if group in told}


def _labels(ticks: Sequence[date]) -> list[str]:
    """`3 Aug`, and the year where it begins."""
    before = [None, *(tick.year for tick in ticks)]
    return [
        f"{tick.day} {tick:%b}" + (f"<br>{tick.year}" if tick.year != year else "")
        for tick, year in zip(ticks, before, strict=False)
    ]


def _colour(colours: Palette, group: Group) -> str:
    at = list(Group).index(group)
    return colours.series[at] if at < len(colours.series) else colours.muted


def _in_words(found: Bars, begins: Sequence[date], grain: Grain) -> str:
    totals = [sum(counts) for counts in zip(*found.values(), strict=True)]
    most = max(range(len(totals)), key=totals.__getitem__)
    parts = ", ".join(
        f"{sum(counts):,} {TITLES[group].lower()}"
        for group, counts in sorted(found.items(), key=lambda one: -sum(one[1]))
    )
    return (
        f"{many(sum(totals))} by {grain.value}: {parts}. Most, {totals[most]:,}, in the "
        f"{grain.value} from {day(begins[most])}."
    )
