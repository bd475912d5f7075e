"""A series as the methods here read it: whole periods, known or unknown, oldest first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from data.metrics.definition import Definition
from data.metrics.figure import Figure
from data.period import Grain, Window, floor, following


@dataclass(frozen=True, slots=True)
class Point:
    """One period and its value; None where it is not known."""

    window: Window
    value: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """One period whose value is known."""

    window: Window
    value: float


def points(metric: Definition, figures: Sequence[Figure], grain: Grain) -> list[Point]:
    """The whole periods of a trend.

    A period that is not over, not read to its end or clipped by the window is left out. One whose
    value something hides is unknown: how far off it is would be anyone's guess. So is a share or a
    median of fewer rows than the metric's `min_n`, which chance alone would make unusual; a rate
    counts however few rows there are.

    Args:
        metric: whose figures they are.
        figures: periods of one group, oldest first.
        grain: how long they are.
    """
    least = 0 if metric.per else metric.min_n
    return [
        Point(figure.window, None if _is_hidden(figure) or figure.n < least else figure.value)
        for figure in figures
        if not figure.is_partial and _is_whole(figure.window, grain)
    ]


def known(series: Sequence[Point]) -> list[Known]:
    """The periods with a value, in order; NaN and infinity are no values."""
    return [
        Known(point.window, point.value)
        for point in series
        if point.value is not None and math.isfinite(point.value)
    ]


def _is_hidden(figure: Figure) -> bool:
    return figure.is_lower_bound or figure.is_partly_unread


def _is_whole(window: Window, grain: Grain) -> bool:
    start = floor(window.start, grain)
    return window == Window(start, following(start, grain))
