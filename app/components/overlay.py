"""Drawn over a trend: unusual periods, changes of level, and what to expect with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from app.components.palette import Palette
from app.value import alike, possible
from app.wording import days
from data.metrics.definition import Definition
from data.series.anomaly import Anomaly
from data.series.change_point import ChangePoint
from data.series.explain import Explained
from data.series.forecast import Forecast


class Mark(StrEnum):
    """What can be drawn over a trend, by what the address calls it."""

    UNUSUAL = "unusual"
    LEVEL = "level"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a trend tells, and which of it is drawn."""

    told: Explained
    shown: frozenset[Mark]

    @property
    def there(self) -> list[Mark]:
        """What there is to draw."""
        told = self.told
        found = (told.judged.anomalies, told.changes, told.drawn_forecast)
        return [mark for mark, of in zip(Mark, found, strict=True) if of]

    @property
    def forecast(self) -> Forecast | None:
        """The forecast, if it is drawn."""
        return self.told.drawn_forecast if Mark.EXPECTED in self.shown else None


def add_marks(figure: go.Figure, marks: Marks, factor: float, colours: Palette) -> None:
    """Adds all that is shown; values are multiplied by the factor of the axis."""
    told = marks.told
    if marks.forecast is not None:
        add_forecast(figure, told.metric, marks.forecast, factor, colours)
    if Mark.LEVEL in marks.shown:
        add_changes(figure, told.changes, colours)
    if Mark.UNUSUAL in marks.shown:
        add_anomalies(figure, told.metric, told.judged.anomalies, factor, colours)


def describe_marks(marks: Marks) -> str:
    """What is drawn over the trend, for those who cannot see it."""
    told = marks.told
    found = []
    if Mark.UNUSUAL in marks.shown and told.judged.anomalies:
        found.append(f"{len(told.judged.anomalies)} unusual")
    if Mark.LEVEL in marks.shown and told.changes:
        found.append(f"{len(told.changes)} with a new level")
    if marks.forecast is not None:
        found.append(f"{len(marks.forecast.expected)} to come as expected")
    return f" Marked: {', '.join(found)}." if found else ""


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
        showlegend=False,
        cliponaxis=False,
        marker={
            "size": 15,
            "symbol": "circle-open",
            "line": {"width": 2},
            "color": colours.series[1],
        },
        customdata=[
            list(map(alike(metric, each.low, each.high), (each.expected, each.low, each.high)))
            for each in found
        ],
        hovertemplate="unusual: about %{customdata[0]} was expected, "
        "usual are %{customdata[1]} to %{customdata[2]}<extra></extra>",
    )


def add_changes(figure: go.Figure, found: Sequence[ChangePoint], colours: Palette) -> None:
    """A line where a new level begins, and whether it is higher or lower."""
    for change in found:
        figure.add_vline(
            x=change.window.start.isoformat(),
            line_color=colours.series[1],
            line_dash="dash",
            line_width=1.4,
            annotation_text="↑ level" if change.after > change.before else "↓ level",
            annotation_position="top right",
            annotation_font={"color": colours.text, "size": 13},
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
        name="8 of 10 expected within",
        mode="lines",
        fill="toself",
        fillcolor=colours.line,
        line={"width": 0},
        opacity=0.6,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=starts,
        y=[possible(metric, each.value) * factor for each in made.expected],
        name="expected",
        mode="lines+markers",
        marker={"size": 4},
        showlegend=False,
        line={"color": colours.muted, "width": 2, "dash": "dot"},
        customdata=[
            "{}: {}, {} to {}".format(
                days(each.window),
                *map(alike(metric, each.value, each.high), (each.value, each.low, each.high)),
            )
            for each in made.expected
        ],
        hovertemplate="expected %{customdata}<extra></extra>",
    )
