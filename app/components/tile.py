"""One figure: its value, where it comes from, where it is going, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.components.band import band_badge
from app.components.comparison import Comparison, compare
from app.components.discipline import Discipline
from app.components.palette import palette
from app.components.reporting import in_currency
from app.components.sparkline import has_line, sparkline
from app.value import AT_LEAST, IN_PART, told
from app.wording import NAMES, counted, duration, no_value, reading, rounded_percent
from data.metrics.board import Board
from data.metrics.definition import Definition, Unit
from data.metrics.figure import Figure, NoValue


def tiles(
    board: Board, discipline: Discipline, chosen: str, on_choose: Callable[[str], None]
) -> None:
    """Shows the metrics with a tile in rows of five that wrap where it is narrow.

    Args:
        board: their figures and trends.
        discipline: which have a tile.
        chosen: the metric whose trend and rows are shown below.
        on_choose: told of the metric whose button was pressed.
    """
    with st.grid(5, min_column_width=176):
        for metric in discipline.tiles:
            told, total = board.totals[metric].definition, board.total(metric)
            shown = Tile(told, total, board.trend(metric), discipline.has_bands)
            with st.container(border=True, height="stretch", gap="xsmall"):
                tile(shown, _aside(board, metric))
                st.space("stretch")
                _button(metric, metric == chosen, on_choose)


NO_BREAK = "\u00a0"
NO_WORDS = "&nbsp;"
_PILL = 24
"""Letters that fit into the pill of the narrowest tile."""
_TWO_LINES = 64
"""Pixels of a title with the space below it, so that the values of a row stand in line."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One metric with its figure and its periods."""

    metric: Definition
    total: Figure
    trend: tuple[Figure, ...]
    has_bands: bool = True
    """Whether a benchmark has published bands for metrics of its kind."""
    mark: str = ""
    """Stands before the name."""
    is_told_below: bool = False
    """Whether why there is no value is said elsewhere, at length."""


def tile(shown: Tile, aside: str) -> None:
    """Shows one metric, with a line below its value."""
    _value(shown, compare(shown.metric, shown.total))
    if "`" in aside:
        st.markdown(f":small[{aside}]")  # in a caption code would be too faint to read
    else:
        st.caption(aside)
    is_told = shown.total.value is None and aside != NO_WORDS
    _line(shown, room=0 if is_told else 36)
    _badge(shown)
    st.caption(footing(shown))


def _badge(shown: Tile) -> None:
    """The band; of a metric with a target whether it is met instead."""
    target, value = shown.metric.target, shown.total.value
    if target is None and not shown.has_bands:
        st.badge("no target agreed", icon=":material/remove:", color="gray")
    elif target is None:
        band_badge(shown.metric.id, shown.total)
    elif value is None:
        st.badge(f"{target.id} not known", icon=":material/remove:", color="gray")
    elif target.is_met(value, shown.metric.better):
        st.badge(f"{target.id} met", icon=":material/check:", color="green")
    else:
        st.badge(f"{target.id} missed", icon=":material/close:", color="orange")


def _button(metric: str, is_chosen: bool, on_choose: Callable[[str], None]) -> None:
    st.button(
        "Shown below" if is_chosen else "Trend and rows",
        icon=":material/check:" if is_chosen else ":material/arrow_downward:",
        key=f"choose {metric}",
        type="tertiary",
        disabled=is_chosen,
        on_click=on_choose,
        args=(metric,),
    )


def _aside(board: Board, metric: str) -> str:
    """One more line below the value: what the figure is made of, or its slow tail."""
    figure = board.total(metric)
    if figure.value is None:
        return _at_length(metric, figure.reason)
    if figure.spread is not None:
        return f"9 of 10 within {duration(figure.spread)}"
    if metric == "model_deployment_frequency":
        return f"{figure.n:,} in {figure.days:,} days"
    if metric == "deployment_frequency":
        days = board.totals["deployment_days"]
        read = told(days.figures[0], days.definition.unit)
        return f"on {read}" if read else ""
    told_as = board.totals[metric].definition
    if told_as.measured_as is None:
        is_money = told_as.unit in (Unit.AMOUNT, Unit.AMOUNT_PER_DAY)
        return in_currency() if is_money else of_target(told_as)
    return f"{round(figure.value * figure.n):,} of {figure.n:,} {told_as.measured_as}"


def _in_brief(metric: str, reason: NoValue | None) -> str:
    """Why there is no value, as far as a pill of the tile has room for it."""
    words = no_value(metric, reason).partition(":")[0]
    return words if len(words) <= _PILL else no_value(metric, NoValue.NOT_KNOWN)


def _at_length(metric: str, reason: NoValue | None) -> str:
    """What the pill has no room for of why there is no value."""
    words, brief = no_value(metric, reason), _in_brief(metric, reason)
    rest = words.removeprefix(brief).removeprefix(": ")
    return f"{rest[:1].upper()}{rest[1:]}." if rest else NO_WORDS


def of_target(metric: Definition) -> str:
    """What the value should come to, where that is agreed."""
    if metric.target is None:
        return NO_WORDS
    sign = {"higher": "≥", "lower": "<" if metric.target.is_strict else "≤"}[metric.better]
    return f"target {sign} {reading(metric.target.value, metric.unit)}"


def _value(shown: Tile, against: Comparison) -> None:
    figure = shown.total
    words: str | None
    if figure.value is None:
        text = "–"
        words = None if shown.is_told_below else _in_brief(shown.metric.id, figure.reason)
    else:
        read = reading(figure.value, shown.metric.unit)
        text = (
            AT_LEAST * figure.is_lower_bound
            + read.number
            + (f" :small[{read.unit}]" if read.unit else "")
        )
        words = against.words
    if shown.mark:
        _heading(shown, against)
    st.metric(
        _label(shown),
        text,
        words,
        label_visibility="collapsed" if shown.mark else "visible",
        delta_color="off" if against.is_better is None else "green" if against.is_better else "red",
        delta_arrow="off" if against.is_up is None else "up" if against.is_up else "down",
        help=None if shown.mark else _help(shown, against),
    )


def _heading(shown: Tile, against: Comparison) -> None:
    """The full title, which says what it is about among metrics of every kind, in two lines."""
    with st.container(height=_TWO_LINES, border=False):
        st.markdown(f":small[{_label(shown)}]", help=_help(shown, against))


def _label(shown: Tile) -> str:
    """The name; beside a mark the title."""
    if not shown.mark:
        return NAMES[shown.metric.id]
    return f"{shown.mark} {shown.metric.title}"


def _help(shown: Tile, against: Comparison) -> str:
    parts = [f"**{shown.metric.title}.** {shown.metric.question}"]
    if against.before:
        parts.append(f"Before: {against.before}.")
    parts.append(
        f"A change below {rounded_percent(shown.metric.material_change)} is not called material."
    )
    return " ".join(parts)


def _line(shown: Tile, room: int) -> None:
    values = [None if f.is_partial else f.value for f in shown.trend]
    known = [value for value in values if value is not None]
    if not has_line(values):
        if room:
            st.space(room)
        return
    low, high = (reading(v, shown.metric.unit) for v in (min(known), max(known)))
    alt = f"{NAMES[shown.metric.id]} over {len(values)} periods, from {low} to {high}"
    sparkline(values, alt, palette().series[0])


def footing(shown: Tile) -> str:
    """What the value rests on, and what it lacks."""
    figure = shown.total
    parts = [counted(shown.metric.id, figure.n)]
    if figure.coverage is not None:
        parts.append(f"coverage {rounded_percent(figure.coverage)}")
    if figure.unknown:
        parts.append(f"{figure.unknown:,} unknown")
    kind = shown.metric.kind.value.replace("_", " ")
    parts.append("lower bound" if figure.is_lower_bound else kind)
    if figure.is_partly_unread:
        parts.append(IN_PART)
    return " · ".join(part.replace(" ", NO_BREAK) for part in parts)
