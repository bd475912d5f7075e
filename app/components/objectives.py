"""Objectives: how much of each budget of errors is left, and how fast it burns."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.components.charts import blank, chart, dated
from app.components.incidents import web
from app.components.palette import palette
from app.components.question import Question
from app.wording import day, percent, plain, significant
from data.inventory.objectives import budget
from data.inventory.objectives import objectives as asked_for
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

KEY = "objectives"
Row = dict[str, Any]


def objectives(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Lists them, least budget left first; draws the one that is chosen, else the first."""
    rows: list[Row] = asked_for(snapshot, asked.scope, asked.window).to_pylist()
    st.header("Objectives and their budgets", anchor="objectives")
    if not rows:
        st.markdown(
            "No objective was measured in this period. Objectives are told by sources of kind "
            "`prometheus` (`[[source.objective]]`) and `events`."
        )
        return
    titles = {team.team: team.title for team in known.teams}
    st.markdown(f":small[{_summary(rows)}]")
    picked = st.dataframe(
        pd.DataFrame([_line(row, titles) for row in rows]),
        key=KEY,
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 12 else 460,
        column_config={
            "Service": st.column_config.TextColumn(pinned=True),
            "Target": st.column_config.NumberColumn(format="%.4g %%"),
            "Held": st.column_config.NumberColumn(
                format="%.4g %%", help="What went well in the period."
            ),
            "Budget left": st.column_config.TextColumn(
                help="Of the errors that the target allows in thirty days, what is left at the "
                "end of the period. Spent more than once: more went wrong than is allowed."
            ),
            "Left, day by day": st.column_config.LineChartColumn(
                width="medium", help="What was left on each day, of the thirty days before it."
            ),
            "Burn rate": st.column_config.NumberColumn(
                format="%.2f ×",
                help="How many times faster than allowed the budget was used in the period. At 1 "
                "it is used up just when its thirty days are over.",
            ),
            "Last 3 days": st.column_config.NumberColumn(format="%.2f ×"),
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
        },
        on_select="rerun",
        selection_mode="single-row",
        alt="One row an objective: its target, what is left of its budget, how fast it burns",
    )
    at = next(iter(picked["selection"]["rows"]), 0)
    _draw(snapshot, asked, rows[at if at < len(rows) else 0])


def _summary(rows: list[Row]) -> str:
    spent = sum(row["budget_left"] is not None and row["budget_left"] <= 0 for row in rows)
    fast = sum(row["burn_rate_3d"] is not None and row["burn_rate_3d"] > 1 for row in rows)
    unknown = sum(row["budget_left"] is None for row in rows)
    told = [
        (spent, "with nothing left"),
        (fast, "burning faster than allowed in the last three days"),
        (unknown, "of which too little was measured of late"),
    ]
    found = ", ".join(f"{count} {words}" for count, words in told if count)
    many = "1 objective" if len(rows) == 1 else f"{len(rows)} objectives"
    return f"{many}{': ' + found if found else ''}. Choose a row to see its budget below."


def _line(row: Row, titles: dict[str, str]) -> Row:
    return {
        "Service": row["service"],
        "Objective": row["name"],
        "Budget left": left(row),
        "Left, day by day": [value for value in row["course"] if value is not None] or None,
        "Burn rate": row["burn_rate"],
        "Last 3 days": row["burn_rate_3d"],
        "Target": None if row["target"] is None else row["target"] * 100,
        "Held": None if row["good_share"] is None else row["good_share"] * 100,
        "Days measured": row["days_known"],
        "Environment": row["environment"],
        "Told by": row["source"],
        "Team": titles.get(row["team"], row["team"]),
        "source": web(row["url"]),
    }


def left(row: Row) -> str:
    """What is left of a budget, in words: never less than nothing without saying so."""
    if row["budget_left"] is None:
        if row["target"] is None or row["target"] >= 1:
            return "no budget: no target below 100 %"
        if row["is_stale"]:
            last = row["last_day"]
            return "not measured" if last is None else f"not measured since {day(last)}"
        return "not known: under half of 30 days measured"
    if row["budget_left"] < 0:
        return f"spent {significant(1 - row['budget_left'])} times"
    return percent(row["budget_left"])


def _draw(snapshot: Snapshot, asked: Question, row: Row) -> None:
    """The budget through time, and beside it how fast it burned."""
    days = budget(
        snapshot, asked.window, row["service"], row["environment"], row["name"], row["source"]
    )
    told = days.to_pylist()
    title = f"{row['name']} of {row['service']} in {row['environment']}"
    st.markdown(f"**{plain(title)}**")
    known = [one["budget_left"] for one in told if one["budget_left"] is not None]
    if known:
        first, second = st.columns(2, gap="medium")
        with first:
            _lines(told, "budget_left", "budget left, of thirty days", 0.0, "nothing left", title)
        with second:
            _lines(told, "burn_rate", "times faster than allowed", 1.0, "as allowed", title)
    else:
        _lines(told, "burn_rate", "times faster than allowed", 1.0, "as allowed", title)
    with st.expander("The same as a table", icon=":material/table:"):
        st.dataframe(
            days.to_pandas().iloc[::-1],
            hide_index=True,
            placeholder="–",
            column_config={
                "url": st.column_config.LinkColumn("source", display_text="open", width="small")
            },
            alt=f"One row a day of {title}, newest first",
        )


def _lines(
    told: list[Row], column: str, unit: str, limit: float, limit_name: str, title: str
) -> None:
    colours = palette()
    is_share = column == "budget_left"
    factor = 100.0 if is_share else 1.0
    values = [None if one[column] is None else one[column] * factor for one in told]
    figure = blank(colours, 260, unit)
    dated(figure)
    figure.add_scatter(
        x=[one["day"] for one in told],
        y=values,
        mode="lines+markers" if len(told) < 40 else "lines",
        line={"color": colours.series[0], "width": 2},
        connectgaps=False,
        showlegend=False,
        hovertemplate="%{y:.0f} %<extra></extra>" if is_share else "%{y:.2f} ×<extra></extra>",
    )
    figure.add_scatter(
        x=[told[0]["day"], told[-1]["day"]], y=[limit, limit], mode="lines", name=limit_name,
        line={"color": colours.series[1], "width": 1.5, "dash": "dash"}, hoverinfo="skip",
    )  # fmt: skip
    known = [value for value in values if value is not None]
    low, high = min([*known, limit]), max([*known, limit * 1.1])
    pad = (high - low) * 0.08 or 0.1
    figure.update_yaxes(
        range=[low - pad if low < 0 else 0, max(high + pad, factor if is_share else 0)],
        rangemode="normal", ticksuffix=" %" if is_share else None,
    )  # fmt: skip
    figure.update_layout(showlegend=True)
    chart(figure, f"{column} of {title}", _spoken(told, column, unit, title))


def _spoken(told: list[Row], column: str, unit: str, title: str) -> str:
    """A chart in a sentence."""
    known = [(one["day"], one[column]) for one in told if one[column] is not None]
    if not known:
        return f"{title}, {unit}: not known"
    worst = (min if column == "budget_left" else max)(known, key=lambda one: one[1])
    last = known[-1]
    return (
        f"{title}, {unit}: {last[1]:.2f} on {day(last[0])}, the last day; worst {worst[1]:.2f} on "
        f"{day(worst[0])}; {len(told) - len(known)} of {len(told)} days not known"
    )
