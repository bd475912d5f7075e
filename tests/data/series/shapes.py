"""Series whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from data.period import Grain, Window, following
from data.series.points import Point

MONDAY = date(2025, 1, 6)
WEEKDAYS = (5.0, 6.0, 7.0, 6.0, 4.0, 1.0, 0.0)


def series(
    values: Sequence[float | None], grain: Grain = Grain.DAY, start: date = MONDAY
) -> list[Point]:
    """Values of consecutive periods."""
    made = []
    for value in values:
        end = following(start, grain)
        made.append(Point(Window(start, end), value))
        start = end
    return made


def weekly_pattern(weeks: int) -> list[float]:
    """The same week again and again."""
    return list(WEEKDAYS) * weeks


def hidden(told: Sequence[Point], numbers: set[int]) -> list[Point]:
    """The series with some of its values unknown."""
    return [replace(p, value=None) if i in numbers else p for i, p in enumerate(told)]


def without(told: Sequence[Point], numbers: set[int]) -> list[Point]:
    """The series as if those periods had never been."""
    return [p for i, p in enumerate(told) if i not in numbers]
