"""One model through time: which version served where, and between which times each began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.components.charts import blank, chart, dated, legend_below
from app.components.incidents import web
from app.components.palette import Palette, palette
from app.wording import duration
from data.inventory.models import stretches
from data.store.snapshot import Snapshot

Row = dict[str, Any]
_WORDS = 140
"""Pixels of a column of a few words."""
_NEWEST = 30
"""Stretches that are drawn; more would be too narrow to tell apart."""


def timeline(snapshot: Snapshot, model: str) -> None:
    """Draws the stretches in which versions served, with the uncertainty of each beginning."""
    rows: list[Row] = stretches(snapshot, model).to_pylist()
    st.header("Timeline", anchor="timeline")
    if not rows:
        st.markdown("No version of this model ever served an environment that is configured.")
        return
    colours = palette()
    environments = sorted({row["environment"] for row in rows}, reverse=True)
    newest = sorted(rows, key=lambda row: row["began_at"])[-_NEWEST:]
    drawn = blank(colours, 110 + 54 * len(environments), "")
    _add_stretches(drawn, newest, snapshot.as_of, colours)
    _add_doubts(drawn, newest, colours)
    _add_signs(drawn, newest, colours)
    drawn.update_layout(
        barmode="overlay", hovermode="closest", uniformtext={"minsize": 9, "mode": "hide"}
    )
    legend_below(drawn, 150 + 54 * len(environments))
    drawn.update_yaxes(
        type="category", categoryorder="array", categoryarray=environments, showgrid=False,
        rangemode="normal",
    )  # fmt: skip
    dated(drawn)
    chart(drawn, "timeline", _in_words(model, rows))
    st.caption(_in_words(model, rows))
    with st.expander("The same as a table", icon=":material/table:"):
        st.dataframe(
            pd.DataFrame([_line(row) for row in reversed(newest)]),
            hide_index=True,
            placeholder="–",
            column_config={
                "what": st.column_config.TextColumn(width=_WORDS),
                "by": st.column_config.TextColumn(width=_WORDS),
                "failure": st.column_config.LinkColumn(display_text="open", width="small"),
                "source": st.column_config.LinkColumn(display_text="open", width="small"),
            }
            | {
                name: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
                for name in ("not before (UTC)", "at the latest (UTC)", "until (UTC)")
            },
            alt=f"Stretches in which versions of {model} served, newest first",
        )


def _add_stretches(
    drawn: go.Figure, rows: Sequence[Row], as_of: datetime, colours: Palette
) -> None:
    """One bar a stretch, in two tones by turns so that neighbours can be told apart."""
    apart = _apart(rows)
    for tone in (0, 1):
        some = [row for row, own in zip(rows, apart, strict=True) if own == tone]
        drawn.add_bar(
            orientation="h",
            base=[row["began_at"] for row in some],
            x=[_milliseconds(row["began_at"], row["ended_at"] or as_of) for row in some],
            y=[row["environment"] for row in some],
            width=0.5,
            marker={"color": colours.series[0], "opacity": 1.0 if tone == 0 else 0.72},
            text=[row["version"] for row in some],
            textposition="inside",
            insidetextanchor="middle",
            customdata=[[row["version"], _when(row)] for row in some],
            hovertemplate="<b>Version %{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
            showlegend=False,
        )


def _apart(rows: Sequence[Row]) -> list[int]:
    """A tone for each stretch: the other one than that of its neighbour in its environment."""
    count: Counter[str] = Counter()
    tones = []
    for row in rows:
        tones.append(count[row["environment"]] % 2)
        count[row["environment"]] += 1
    return tones


def _add_doubts(drawn: go.Figure, rows: Sequence[Row], colours: Palette) -> None:
    """The time between the two readings between which a version came to serve."""
    doubtful = [row for row in rows if row["began_after_at"] is not None]
    drawn.add_bar(
        orientation="h",
        base=[row["began_after_at"] for row in doubtful],
        x=[_milliseconds(row["began_after_at"], row["began_at"]) for row in doubtful],
        y=[row["environment"] for row in doubtful],
        width=0.78,
        marker={
            "color": colours.series[2],
            "line": {"color": colours.text, "width": 1},
            "pattern": {"shape": "/", "fgcolor": colours.text, "size": 5},
        },
        name="the change lies in here",
        hoverinfo="skip",
    )


def _add_signs(drawn: go.Figure, rows: Sequence[Row], colours: Palette) -> None:
    for name, symbol, chosen in (
        ("rollback", "triangle-left", [row for row in rows if row["is_rollback"]]),
        ("failed within a week", "x", [row for row in rows if row["is_failed"]]),
    ):
        drawn.add_scatter(
            x=[row["began_at"] for row in chosen],
            y=[row["environment"] for row in chosen],
            mode="markers",
            name=name,
            marker={
                "symbol": symbol,
                "size": 13,
                "color": colours.series[1],
                "line": {"color": colours.text, "width": 1},
            },
            customdata=[_when(row) for row in chosen],
            hovertemplate=f"<b>{name}</b><br>%{{customdata}}<extra></extra>",
        )


def _milliseconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() * 1000


def _when(row: Row) -> str:
    """When a stretch began, as far as anybody knows."""
    end = f"{row['ended_at']:%-d %b %Y %H:%M}" if row["ended_at"] else "now"
    if row["began_after_at"] is None:
        return f"since before {row['began_at']:%-d %b %Y %H:%M} until {end}"
    span = duration((row["began_at"] - row["began_after_at"]).total_seconds())
    return f"{row['began_at']:%-d %b %Y %H:%M} at the latest (within {span}) until {end}"


def _in_words(model: str, rows: Sequence[Row]) -> str:
    """The chart in a sentence or two, for those who cannot see it."""
    rollbacks = sum(row["is_rollback"] for row in rows)
    failed = sum(bool(row["is_failed"]) for row in rows)
    serving = [
        f"{row['version']} in {row['environment']}" for row in rows if row["ended_at"] is None
    ]
    left_out = len(rows) - _NEWEST
    return (
        f"{model}: {_many(len(rows), 'stretch', 'es')}, {_many(rollbacks, 'rollback')}, "
        f"{failed} failed within a week; "
        f"serving now: {', '.join(serving) or 'none'}."
        + (f" The newest {_NEWEST} are drawn." if left_out > 0 else "")
    )


def _many(count: int, what: str, ending: str = "s") -> str:
    return f"{count} {what}{'' if count == 1 else ending}"


def _line(row: Row) -> Row:
    signs = {
        "rollback": row["is_rollback"],
        "baseline": row["is_baseline"],
        f"failed: {row['failure_reason']}": row["is_failed"],
    }
    return {
        "source": web(row["url"]),
        "failure": web(row["failure_url"]),
        "environment": row["environment"],
        "version": row["version"],
        "before": row["version_before"],
        "not before (UTC)": row["began_after_at"],
        "at the latest (UTC)": row["began_at"],
        "until (UTC)": row["ended_at"],
        "what": ", ".join(sign for sign, is_so in signs.items() if is_so) or None,
        "by": row["actor"],
        "rule": row["rule"],
    }
