"""How much of what is reserved is used, through time and against what is aimed at."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.components.charts import blank, chart, dated, legend_below
from app.components.incidents import web
from app.components.palette import palette
from app.components.question import Question
from app.wording import percent, rounded_percent
from data.inventory.operations import resources
from data.metrics.catalogue import Catalogue
from data.metrics.definition import definition
from data.store.snapshot import Snapshot

MOST = 6
"""Lines in the chart; more could not be told apart. The table has all."""
Row = dict[str, Any]


def utilisation(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Draws the fullest resources through time, and lists all."""
    target = definition("resource_utilisation").target
    threshold = target.value if target is not None else 1.0
    told = resources(snapshot, asked.scope, asked.window, asked.grain, threshold)
    rows: list[Row] = told.to_pylist()
    st.header("Use of resources", anchor="utilisation")
    if not rows:
        st.markdown(
            "No use of a resource was measured in this period. It is told by sources of kind "
            "`prometheus` (`[[source.utilisation]]`) and `events`."
        )
        return
    titles = {team.team: team.title for team in known.teams}
    above = sum((row["used"] or 0) >= threshold for row in rows)
    st.markdown(
        f":small[{above} of {len(rows)} use {percent(threshold)} or more, which is aimed at. Near "
        "100 % nothing is left for a peak.]"
    )
    _draw(rows, threshold)
    st.dataframe(
        pd.DataFrame([_line(row, titles) for row in rows]),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 12 else 460,
        column_config={
            "Service": st.column_config.TextColumn(pinned=True),
            "Used": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1,
                help="Share of what is reserved, weighted by how long it was measured.",
            ),
            "Fullest day": st.column_config.NumberColumn(format="percent"),
            "Through time": st.column_config.LineChartColumn(width="medium", y_min=0, y_max=1),
            "Days above": st.column_config.NumberColumn(
                f"Days ≥ {rounded_percent(threshold)}"
            ),
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
        },
        alt="One row a resource of a service: how much of it is used",
    )  # fmt: skip


def _draw(rows: list[Row], threshold: float) -> None:
    colours = palette()
    fullest = sorted(rows, key=lambda row: -(row["used"] or 0))[:MOST]
    figure = blank(colours, 280, "used, of what is reserved")
    styles = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
    for row, colour, style in zip(
        fullest, (*colours.series, *colours.series), styles, strict=False
    ):
        used = [None if share is None else share * 100 for share in row["course"]]
        figure.add_scatter(
            x=row["periods"], y=used, mode="lines",
            name=f"{row['service']} {row['name']}",
            line={"color": colour, "width": 1.8, "dash": style}, connectgaps=False,
            hovertemplate="%{y:.0f} %",
        )  # fmt: skip
    ends = [period for row in fullest for period in row["periods"]]
    figure.add_scatter(
        x=[min(ends), max(ends)], y=[threshold * 100] * 2, mode="lines",
        name=f"aimed at: {percent(threshold)}", hoverinfo="skip",
        line={"color": colours.text, "width": 1},
    )  # fmt: skip
    figure.update_yaxes(range=[0, 105], ticksuffix=" %")
    dated(figure)
    legend_below(figure, 380)
    chart(figure, "utilisation", _spoken(fullest, threshold))


def _spoken(rows: list[Row], threshold: float) -> str:
    """The chart in words."""
    told = [
        f"{row['service']} {row['name']} {percent(row['used'])}, at most {percent(row['fullest'])}"
        for row in rows
        if row["used"] is not None
    ]
    return f"Used of what is reserved, aimed at {percent(threshold)}: {'; '.join(told)}"


def _line(row: Row, titles: dict[str, str]) -> Row:
    return {
        "Service": row["service"],
        "Resource": row["name"],
        "Used": row["used"],
        "Through time": [value for value in row["course"] if value is not None] or None,
        "Fullest day": row["fullest"],
        "Days above": row["days_above"],
        "Days measured": f"{row['days_known']} of {row['days_asked']}",
        "Environment": row["environment"],
        "Team": titles.get(row["team"], row["team"]),
        "source": web(row["url"]),
    }
