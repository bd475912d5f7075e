"""One target: its figure, whether it is met, and where its rows are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.components.discipline import home
from app.components.tile import Tile, of_target, tile
from app.wording import days, no_value, plain
from data.decisions.baseline import Baselines
from data.metrics.board import Board
from data.metrics.definition import Definition, definition
from data.metrics.figure import Figure, NoValue
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.period import Grain, Window


def summary(board: Board, metrics: Sequence[str]) -> str:
    """How many targets are met, missed and not known."""
    counts = {"met": 0, "missed": 0, "not known": 0}
    for metric in metrics:
        counts[state(board.totals[metric].definition, board.total(metric))] += 1
    return " · ".join(f"{count} {word}" for word, count in counts.items())


def state(metric: Definition, figure: Figure) -> str:
    """`met`, `missed` or `not known`."""
    if figure.value is None or metric.target is None:
        return "not known"
    return "met" if metric.target.is_met(figure.value, metric.better) else "missed"


def standing(
    board: Board, metric: str, asked: tuple[Scope, Window, Grain], decided: Baselines
) -> None:
    """Shows one target, with the way to its rows."""
    told, figure = board.totals[metric].definition, board.total(metric)
    mark = f":gray[{told.target.id}]" if told.target else ""
    shown = Tile(told, figure, board.trend(metric), has_bands=False, mark=mark, is_told_below=True)
    tile(shown, of_target(told) + _compared(told, asked[0], decided))
    if figure.reason is not None:
        has_rows = bool(figure.n or figure.unknown)
        st.markdown(f":small[{missing(told, figure.reason, has_rows)}]")
    st.space("stretch")
    _link(told, asked)


def missing(metric: Definition, reason: NoValue, has_rows: bool = True) -> str:
    """Why nothing is known, and which source, import or decision would tell it."""
    words = no_value(metric.id, reason)
    words = words[:1].upper() + words[1:] + "."
    _, discipline = home(metric.of or metric.id)
    if reason is NoValue.NONE_IN_PERIOD and metric.subject is Subject.MEASURE:
        return f"No import is for this period: {(metric.absent or '').partition(': ')[2]}."
    is_untold = reason in (NoValue.NOTHING_DEPLOYED, NoValue.BEFORE_FIRST) or (
        reason is NoValue.NO_BASELINE and not has_rows
    )
    return f"{words} {discipline.nothing}" if is_untold else words


def _compared(metric: Definition, scope: Scope, decided: Baselines) -> str:
    """The baseline with its reason, if there is one."""
    found = decided.find(metric.of, scope.team) if metric.of else None
    if found is None:
        return ""
    return f" against {days(Window(found.start, found.end))}: {plain(found.reason)}"


def _link(metric: Definition, asked: tuple[Scope, Window, Grain]) -> None:
    """The page and metric where the rows are, with the same team and days."""
    shown = definition(metric.of or metric.id)
    view, discipline = home(shown.id)
    scope, _, grain = asked
    address = {"metric": shown.id, "window": st.session_state["window"], "grain": grain.value}
    address |= {"team": scope.team} if scope.team else {}
    address |= {key: day for key in ("from", "to") if (day := st.session_state.get(key))}
    address |= {discipline.beside: discipline.key} if discipline.beside else {}
    st.page_link(view, label="Trend and rows", icon=":material/arrow_forward:",
                 query_params=address)  # fmt: skip
