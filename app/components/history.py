"""The trend of the chosen metric with all that belongs to it: stages, notes, and the numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from app.components import loaded
from app.components.empty import Cause, empty
from app.components.explained import chosen, explained
from app.components.moved import what_moved
from app.components.openable import openable
from app.components.overlay import Marks
from app.components.question import Question
from app.components.stages import stages
from app.components.trend import trend
from app.value import limits, told
from app.wording import NAMES, days, no_value, plain, reading, rounded_percent
from data.metrics.board import Board
from data.metrics.catalogue import Catalogue, Note
from data.metrics.definition import Definition
from data.metrics.figure import Figure, NoValue
from data.period import Window
from data.store.snapshot import Snapshot

KEY = "periods"
_LIMITS = "bear in mind"


def history(
    snapshot: Snapshot,
    board: Board,
    known: Catalogue,
    asked: Question,
    on_choose: Callable[[str, str, str], None],
) -> None:
    """Shows the trend; a row of its table chooses the period whose rows are shown."""
    st.header("Trend", anchor="trend")
    st.segmented_control(
        "Metric", list(board.totals), key="metric", format_func=lambda m: NAMES[m], required=True,
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    metric = board.totals[asked.metric].definition
    figures = board.trend(asked.metric)
    if all(figure.value is None for figure in figures):
        is_hidden = any(figure.reason is NoValue.NOT_KNOWN for figure in figures)
        empty(Cause.NOT_KNOWN if is_hidden else Cause.NONE_IN_PERIOD)
        return
    marks = Marks(loaded.explained(snapshot, asked), chosen())
    notes = [note for note in known.notes if _is_met(note, known, asked)]
    if metric.parts:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            trend(metric, figures, asked.grain, notes, asked.period, marks)
        with right:
            stages(metric, board.total(asked.metric))
    else:
        trend(metric, figures, asked.grain, notes, asked.period, marks)
    if notes:
        st.caption("  \n".join(_told(*told, known) for told in enumerate(notes, 1)))
    explained(marks)
    what_moved(snapshot, known, asked, on_choose)
    _numbers(metric, figures, asked, on_choose)


def _is_met(note: Note, known: Catalogue, asked: Question) -> bool:
    """Whether a note is about the window and about the team, or one above or below it."""
    if note.last < asked.window.start or note.first >= asked.window.end:
        return False
    team, told = known.team(asked.scope.team), known.team(note.team)
    if team is None or told is None:
        return True
    return told.team in team.members or team.team in told.members


def _told(number: int, note: Note, known: Catalogue) -> str:
    team = known.team(note.team)
    whose = f" ({plain(team.title)})" if team else ""
    span = days(Window(note.first, note.last + timedelta(days=1)))
    return f"**{number}** · {span}: {plain(note.text)}{whose}"


def _numbers(
    metric: Definition,
    figures: Sequence[Figure],
    asked: Question,
    on_choose: Callable[[str, str, str], None],
) -> None:
    """The same as a table."""
    newest_first = list(reversed(figures))

    def choose(at: int | None) -> None:
        if at is not None:
            on_choose(metric.id, asked.group or "", newest_first[at].period)

    with st.expander("The same as a table", icon=":material/table:"):
        openable(
            table(metric, newest_first),
            choose,
            key=KEY,
            alt=f"{metric.title}: one row a period, newest first",
            tall=(10, 387),
        )
        st.caption("Choose a row to see the rows behind its figure.")


def table(metric: Definition, figures: Sequence[Figure]) -> pd.DataFrame:
    """One row a figure; how it is limited only where any of them is."""
    rows = pd.DataFrame([_row(metric, figure) for figure in figures])
    return rows if rows[_LIMITS].any() else rows.drop(columns=[_LIMITS])


def _row(metric: Definition, figure: Figure) -> dict[str, object]:
    value = told(figure, metric.unit) or None
    reason = no_value(metric.id, figure.reason) if figure.reason else ""
    row: dict[str, object] = {
        "period": days(figure.window),
        NAMES[metric.id].lower(): value or reason,
    }
    if metric.spread:
        tail = figure.spread
        row["9 of 10 within"] = None if tail is None else str(reading(tail, metric.unit))
    row["n"] = figure.n
    row["coverage"] = None if figure.coverage is None else rounded_percent(figure.coverage)
    row["unknown"] = figure.unknown
    row[_LIMITS] = ", ".join(limits(figure))
    return row
