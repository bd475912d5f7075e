"""Drawn over a trend: unusual periods, changes of level, and what to expect with its band."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app.components.palette import Palette
from app.wording import days, reading
from data.metrics.definition import Definition, Unit
from data.series.anomaly import Anomaly
from data.series.change_point import ChangePoint
from data.series.forecast import Forecast

_MOST = {Unit.FRACTION: 1.0, Unit.DAYS_PER_WEEK: 7.0}


def say(metric: Definition, value: float) -> str:
    """A value of a metric in words; a bound beyond what it can be is told as what it can be."""
    return str(reading(possible(metric, value), metric.unit))


def possible(metric: Definition, value: float) -> float:
    """The nearest value that the metric can have."""
    if metric.of is not None or metric.unit is Unit.RATIO:
        return value
    return max(0.0, min(value, _MOST.get(metric.unit, value)))


def add_anomalies(
    figure: go.Figure,
    metric: Definition,
    found: Sequence[Anomaly],
    factor: float,
    colours: Palette,
) -> None:
    """Rings around unusual periods."""
    figure.add_scatter(
        x=[each.window.start.isoformat() for each in found],
        y=[each.value * factor for each in found],
        name="unusual",
        mode="markers",
        marker={
            "size": 14,
            "symbol": "circle-open",
            "line": {"width": 2},
            "color": colours.series[1],
        },
        customdata=[say(metric, each.expected) for each in found],
        hovertemplate="unusual: about %{customdata} was expected<extra></extra>",
    )


def add_changes(figure: go.Figure, found: Sequence[ChangePoint], colours: Palette) -> None:
    """A line where a new level begins."""
    for change in found:
        figure.add_vline(
            x=change.window.start.isoformat(),
            line_color=colours.series[1],
            line_dash="dash",
            line_width=1.4,
        )


def add_forecast(
    figure: go.Figure, metric: Definition, made: Forecast, factor: float, colours: Palette
) -> None:
    """The expected values, and the band that 8 of 10 would have been in."""
    starts = [each.window.start.isoformat() for each in made.expected]
    highs = [possible(metric, each.high) * factor for each in made.expected]
    lows = [possible(metric, each.low) * factor for each in made.expected]
    figure.add_scatter(
        x=[*starts, *reversed(starts)],
        y=[*highs, *reversed(lows)],
        name="8 of 10 within",
        mode="lines",
        fill="toself",
        fillcolor=colours.line,
        line={"width": 0},
        opacity=0.6,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=starts,
        y=[possible(metric, each.value) * factor for each in made.expected],
        name="expected",
        mode="lines",
        line={"color": colours.muted, "width": 2, "dash": "dot"},
        customdata=[
            f"{days(each.window)}: {say(metric, each.value)}, "
            f"{say(metric, each.low)} to {say(metric, each.high)}"
            for each in made.expected
        ],
        hovertemplate="expected %{customdata}<extra></extra>",
    )
