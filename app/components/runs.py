"""One pipeline through time: its runs, how long they took, what was missed; and its checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.components.charts import blank, chart, dated, legend_below
from app.components.incidents import web
from app.components.palette import Palette, palette
from app.components.question import Question
from app.wording import duration
from data.inventory.pipelines import checks as checks_of
from data.inventory.pipelines import late_slots
from data.inventory.pipelines import runs as runs_of
from data.store.snapshot import Snapshot

MOST = 750
"""Runs that are drawn and listed."""
Row = dict[str, Any]
_SIGNS = {
    "succeeded": ("circle", 0),
    "succeeded when tried again": ("diamond", 2),
    "failed": ("x", 1),
    "left out": ("circle-open", None),
}
"""Symbol and colour of each kind of run; the shape alone tells them apart."""


def runs(snapshot: Snapshot, asked: Question, pipeline: str) -> None:
    """Draws the runs of the window by how long they took, and lists them."""
    told: list[Row] = runs_of(snapshot, pipeline, asked.window, MOST).to_pylist()
    late: list[Row] = late_slots(snapshot, pipeline, asked.window, MOST).to_pylist()
    st.header("Runs", anchor="runs")
    if not told and not late:
        st.markdown("No run of it is known in this period.")
        return
    words = in_words(told, late)
    chart(drawing(told, late, palette()), "runs", f"{pipeline}: {words}")
    st.caption(words)
    with st.expander("The runs as a table", icon=":material/table:"):
        _table(told)
    if late:
        with st.expander("What was missed or late", icon=":material/event_busy:"):
            _late(late)


def checks(snapshot: Snapshot, asked: Question) -> None:
    """Lists the checks of what is asked about, those that fail most first."""
    rows: list[Row] = checks_of(snapshot, asked.scope, asked.subject, asked.window).to_pylist()
    st.header("Checks", anchor="checks")
    if not rows:
        st.markdown(
            "No check is known in this period. Checks are told by sources of kind `dbt`, "
            "`great_expectations` and `events`."
        )
        return
    failing = sum(row["failed"] > 0 for row in rows)
    open_now = sum(row["last_state"] in ("fail", "error") for row in rows)
    st.markdown(
        f":small[{len(rows)} checks: {failing} failed at least once, {open_now} did not pass "
        "the last time.]"
    )
    st.dataframe(
        pd.DataFrame([_check(row) for row in rows]),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 10 else 390,
        column_config={
            **{
                name: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
                for name in ("Last (UTC)", "Last failed (UTC)")
            },
            "Passed": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1,
                help="Of the outcomes that passed, warned or failed.",
            ),
            "source": st.column_config.LinkColumn("Newest", display_text="open", width="small"),
        },
        alt="One row a check: what it came to in the period, and at the last time",
    )  # fmt: skip


def sign(row: Row) -> str:
    """Which kind of run it is."""
    if row["excluded"] is not None:
        return "left out"
    if row["result"] == "success":
        return "succeeded when tried again" if row["is_flaky"] else "succeeded"
    return "failed"


def drawing(told: Sequence[Row], late: Sequence[Row], colours: Palette) -> go.Figure:
    """Runs by end and length, and what was late; of unknown length they have no mark."""
    longest = max([row["duration_seconds"] or 0 for row in told], default=0)
    length, unit = (3600, "hours") if longest >= 2 * 3600 else (60, "minutes")
    figure = blank(colours, 300, f"{unit}, by the end of the run")
    for name, (symbol, series) in _SIGNS.items():
        some = [row for row in told if sign(row) == name]
        if some:
            figure.add_scatter(
                x=[row["happened_at"] for row in some],
                y=[_long(row, length) for row in some],
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "size": 7 if name == "succeeded" else 10,
                    "color": colours.muted if series is None else colours.series[series],
                },
                customdata=[[row["run"], _took(row)] for row in some],
                hovertemplate=f"<b>{name}</b> %{{x|%-d %b %Y %H:%M}}<br>run %{{customdata[0]}}, "
                "%{customdata[1]}<extra></extra>",
            )
    for name, symbol, chosen in (
        ("no run", "triangle-down", [row for row in late if not row["has_run"]]),
        ("not in time", "line-ns-open", [row for row in late if row["has_run"]]),
    ):
        if chosen:
            figure.add_scatter(
                x=[row["slot_at"] for row in chosen],
                y=[0] * len(chosen),
                mode="markers",
                name=name,
                marker={
                    "symbol": symbol,
                    "size": 10,
                    "color": colours.text,
                    "line": {"color": colours.text, "width": 2},
                },
                hovertemplate=f"<b>{name}</b>: data of %{{x|%-d %b %Y %H:%M}}<extra></extra>",
                cliponaxis=False,
            )
    figure.update_layout(hovermode="closest")
    legend_below(figure, 340)
    dated(figure)
    return figure


def _long(row: Row, length: int) -> float | None:
    seconds = row["duration_seconds"]
    return None if seconds is None else float(seconds) / length


def _took(row: Row) -> str:
    seconds = row["duration_seconds"]
    return duration(seconds) if seconds is not None else "how long is not known"


def in_words(told: Sequence[Row], late: Sequence[Row]) -> str:
    """How many runs of each kind there are, what is not drawn, and what was missed."""
    counts = Counter(sign(row) for row in told)
    parts = [f"{counts[name]} {name}" for name in _SIGNS if counts[name]]
    unmeasured = sum(row["duration_seconds"] is None for row in told)
    if unmeasured:
        parts.append(f"{unmeasured} of unknown length, not drawn")
    missed = sum(not row["has_run"] for row in late)
    if missed:
        stretches = "1 stretch" if missed == 1 else f"{missed} stretches"
        parts.append(f"{stretches} of data that nothing ran for")
    if len(late) > missed:
        parts.append(f"{len(late) - missed} not in time")
    found = told[0]["found"] if told else 0
    more = f" The newest {len(told)} of {found:,} runs." if found > len(told) else ""
    return f"{', '.join(parts)}.{more}"


def _table(told: Sequence[Row]) -> None:
    lines = [
        {
            "source": web(row["url"]),
            "run": row["run"],
            "ended (UTC)": row["happened_at"],
            "what": sign(row) + (f": {row['excluded']}" if row["excluded"] else ""),
            "took": _took(row),
            "attempts": row["attempts"],
            "mended after": duration(row["recovery_seconds"])
            if row["is_first_failure"] and row["recovery_seconds"] is not None
            else None,
            "for data of (UTC)": row["slot_at"],
            "begun by": row["event"],
        }
        for row in told
    ]
    _shown(lines, "One row a run, the newest first", "ended (UTC)", "for data of (UTC)")


def _late(late: Sequence[Row]) -> None:
    lines = [
        {
            "source": web(row["url"]),
            "for data of (UTC)": row["slot_at"],
            "what": "not in time" if row["has_run"] else "nothing ran for it",
            "due (UTC)": row["due_at"],
            "there (UTC)": row["done_at"],
            "after": duration(row["delay_seconds"]) if row["delay_seconds"] is not None else None,
        }
        for row in late
    ]
    _shown(
        lines, "One row a stretch of data, the newest first",
        "for data of (UTC)", "due (UTC)", "there (UTC)",
    )  # fmt: skip


def _shown(lines: Sequence[Row], alt: str, *times: str) -> None:
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="–",
        column_config={
            "source": st.column_config.LinkColumn(display_text="open", width="small"),
            **{
                name: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
                for name in times
            },
        },
        alt=alt,
    )


def _check(row: Row) -> Row:
    judged = row["passed"] + row["warned"] + row["failed"]
    return {
        "Dataset": row["dataset"],
        "Check": row["check_name"],
        "Kind": row["kind"],
        "Now": row["last_state"],
        "Passed": row["passed"] / judged if judged else None,
        "Warned": row["warned"],
        "Failed": row["failed"],
        "Not made": row["errors"] + row["skipped"],
        "Last (UTC)": row["last_at"],
        "Last failed (UTC)": row["failed_at"],
        "What it says": row["message"],
        "source": web(row["url"]),
    }
