"""A metric over time: the line, the slow tail, what happened meanwhile, and the same in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from app.components.charts import blank, chart
from app.components.overlay import Marks, add_marks, describe_marks
from app.components.palette import Palette, palette
from app.components.reporting import in_currency
from app.value import limits, told
from app.wording import NAMES, counted, days, no_value, percent, reading
from data.metrics.catalogue import Note
from data.metrics.definition import Definition, Unit
from data.metrics.figure import Figure
from data.period import Grain


def trend(
    metric: Definition,
    figures: Sequence[Figure],
    grain: Grain,
    notes: Sequence[Note],
    chosen: str | None,
    marks: Marks | None = None,
) -> None:
    """Draws the periods of a metric.

    Args:
        metric: what is drawn.
        figures: its periods, oldest first, at least one with a value.
        grain: how long they are.
        notes: those that meet the window, numbered as listed below the chart.
        chosen: label of the period whose rows are shown.
        marks: what the trend tells, drawn over it.
    """
    colours = palette()
    factor, unit = scale(metric.unit, figures)
    figure = blank(colours, 300, unit)
    name = "median" if metric.spread else NAMES[metric.id]
    _add_line(figure, metric, figures, factor, colours, name)
    if metric.spread:
        _add_tail(figure, metric, figures, factor, colours)
    for number, note in enumerate(notes, 1):
        _add_note(figure, number, note, figures, colours)
    if marks is not None:
        add_marks(figure, marks, factor, colours)
    figure.update_layout(showlegend=metric.spread is not None)
    if nearly_all := _floor(metric, figures):
        figure.update_yaxes(rangemode="normal", range=[nearly_all * factor, factor])
    figure.update_xaxes(**_ticks(_starts(figures, marks), grain), tickangle=0)
    for shown in figures:
        if shown.period == chosen:
            figure.add_vline(
                x=shown.window.start.isoformat(),
                line_color=colours.muted,
                line_dash="dot",
                line_width=1,
            )
    told = describe(metric, figures) + (describe_marks(marks) if marks else "")
    chart(figure, "trend", told)


def _starts(figures: Sequence[Figure], marks: Marks | None) -> list[date]:
    """The first days of the periods, and of those to come that are drawn."""
    made = marks.forecast if marks is not None else None
    to_come = [each.window.start for each in made.expected] if made is not None else []
    return sorted({*(shown.window.start for shown in figures), *to_come})


def _floor(metric: Definition, figures: Sequence[Figure]) -> float | None:
    """Where the axis of a share begins that is nearly all: from zero nothing could be seen."""
    known = [f.value for f in figures if f.value is not None]
    if metric.unit is not Unit.FRACTION or not known or min(known) < 0.95:
        return None
    return 0.95 if min(known) < 0.99 else 0.99 if min(known) < 0.998 else 0.998


_AXES = {
    Unit.PER_DAY: ((1.0, 1.0, "per day"), (1 / 7, 7.0, "per week"), (0.0, 30.44, "per month")),
    Unit.PER_WEEK: ((7.0, 1 / 7, "per day"), (1.0, 1.0, "per week"), (0.0, 30.44 / 7, "per month")),
    Unit.SECONDS: (
        (172800.0, 1 / 86400, "days"),
        (7200.0, 1 / 3600, "hours"),
        (0.0, 1 / 60, "minutes"),
    ),
    Unit.FRACTION: ((0.0, 100.0, "%"),),
    Unit.DAYS_PER_WEEK: ((0.0, 1.0, "days a week"),),
    Unit.RATIO: ((0.0, 1.0, "×"),),
    Unit.COUNT: ((0.0, 1.0, ""),),
    Unit.AMOUNT: ((0.0, 1.0, "each"),),
    Unit.AMOUNT_PER_DAY: ((0.0, 1.0, "a day"),),
}
"""From which highest value on: what to multiply with, and what the axis then counts in."""


def scale(unit: Unit, figures: Sequence[Figure]) -> tuple[float, str]:
    """What to multiply values with for the axis, and what the axis then counts in."""
    top = max((f.spread or f.value or 0.0 for f in figures), default=0.0)
    factor, name = next((factor, name) for least, factor, name in _AXES[unit] if top >= least)
    is_money = unit in (Unit.AMOUNT, Unit.AMOUNT_PER_DAY)
    return factor, f"{name}, {in_currency()}" if is_money else name


def describe(metric: Definition, figures: Sequence[Figure]) -> str:
    """The chart in one or two sentences, for those who cannot see it."""
    known = [f for f in figures if f.value is not None]
    if not known:
        return f"{NAMES[metric.id]}: no value is known"
    lowest = min(known, key=lambda f: f.value or 0.0)
    highest = max(known, key=lambda f: f.value or 0.0)
    missing = len(figures) - len(known)
    return (
        f"{NAMES[metric.id]} from {_said(metric, known[0])} to {_said(metric, known[-1])}; "
        f"lowest {_said(metric, lowest)}, highest {_said(metric, highest)}."
        + (f" {missing} of {len(figures)} periods have no value." if missing else "")
    )


def _said(metric: Definition, figure: Figure) -> str:
    return f"{reading(figure.value or 0.0, metric.unit)} ({days(figure.window)})"


_MOST_TICKS = 6


def _ticks(starts: Sequence[date], grain: Grain) -> dict[str, list[str]]:
    """Marks on the horizontal axis: evenly spaced periods, the last included; the year once."""
    step = math.ceil(len(starts) / _MOST_TICKS)
    marked = list(reversed(starts[::-1][::step]))
    return {
        "tickvals": [start.isoformat() for start in marked],
        "ticktext": [
            _named(start, grain)
            + (f"<br>{start.year}" if i == 0 or start.year != marked[i - 1].year else "")
            for i, start in enumerate(marked)
        ],
    }


def _named(start: date, grain: Grain) -> str:
    match grain:
        case Grain.MONTH:
            return f"{start:%b}"
        case Grain.QUARTER:
            return f"Q{(start.month - 1) // 3 + 1}"
        case _:
            return f"{start.day} {start:%b}"


def _add_line(
    figure: go.Figure,
    metric: Definition,
    figures: Sequence[Figure],
    factor: float,
    colours: Palette,
    name: str,
) -> None:
    figure.add_scatter(
        x=[f.window.start.isoformat() for f in figures],
        y=[None if f.value is None else f.value * factor for f in figures],
        name=name,
        mode="lines+markers",
        cliponaxis=False,
        line={"color": colours.series[0], "width": 2.2},
        marker={
            "size": 7 if len(figures) <= 60 else 4,
            "symbol": ["circle-open" if f.is_partial else "circle" for f in figures],
        },
        customdata=[[days(f.window), _hover(metric, f)] for f in figures],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )


def _hover(metric: Definition, figure: Figure) -> str:
    if figure.value is None:
        return no_value(metric.id, figure.reason)
    parts = [told(figure, metric.unit), counted(metric.id, figure.n)]
    if figure.coverage is not None and figure.coverage < 1:
        parts.append(f"coverage {percent(figure.coverage)}")
    return "<br>".join([*parts, *limits(figure)])


def _add_tail(
    figure: go.Figure,
    metric: Definition,
    figures: Sequence[Figure],
    factor: float,
    colours: Palette,
) -> None:
    figure.add_scatter(
        x=[f.window.start.isoformat() for f in figures],
        y=[None if f.spread is None else f.spread * factor for f in figures],
        name="9 of 10 within",
        mode="lines",
        line={"color": colours.series[1], "width": 1.6, "dash": "dot"},
        customdata=[
            "" if f.spread is None else str(reading(f.spread, metric.unit)) for f in figures
        ],
        hovertemplate="9 of 10 within %{customdata}<extra></extra>",
    )


def _add_note(
    figure: go.Figure, number: int, note: Note, figures: Sequence[Figure], colours: Palette
) -> None:
    """A band over the days, no wider than the chart, with its number on top."""
    first = max(note.first, figures[0].window.start)
    last = min(note.last + timedelta(days=1), figures[-1].window.end)
    figure.add_vrect(
        x0=first.isoformat(),
        x1=last.isoformat(),
        fillcolor=colours.series[2],
        opacity=0.18,
        line_width=0,
        layer="below",
        annotation_text=str(number),
        annotation_position="top left",
        annotation_font={"color": colours.text, "size": 13},
    )
