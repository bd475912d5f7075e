"""Only whole periods are read, and what something hides is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from data.metrics.definition import definition
from data.metrics.figure import Figure
from data.period import Grain, Window
from data.series.points import Point, known, points
from tests.app.figures import figure

FREQUENCY = definition("deployment_frequency")
DAY = date(2026, 9, 7)


def _day(number: int, **fields: Any) -> Figure:
    window = Window(DAY + timedelta(days=number), DAY + timedelta(days=number + 1))
    return replace(figure(2.0, window=window), **fields)


def test_partial_and_clipped_periods_are_left_out() -> None:
    weeks = [
        figure(2.0, window=Window(DAY - timedelta(days=1), DAY)),
        figure(2.0, window=Window(DAY, DAY + timedelta(days=7))),
        figure(2.0, window=Window(DAY + timedelta(days=7), DAY + timedelta(days=14))),
        figure(2.0, window=Window(DAY + timedelta(days=14), DAY + timedelta(days=17))),
    ]
    weeks[2] = replace(weeks[2], is_partial=True)
    assert [p.window.start for p in points(FREQUENCY, weeks, Grain.WEEK)] == [DAY]


def test_what_something_hides_is_unknown_and_not_zero() -> None:
    told = [
        _day(0, value=None),
        _day(1, is_lower_bound=True),
        _day(2, is_partly_unread=True),
        _day(3, value=0.0),
    ]
    assert [p.value for p in points(FREQUENCY, told, Grain.DAY)] == [None, None, None, 0.0]


def test_a_share_of_too_few_rows_is_unknown_and_a_rate_is_not() -> None:
    told = [_day(0, n=4), _day(1, n=5)]
    assert [p.value for p in points(definition("change_fail_rate"), told, Grain.DAY)] == [None, 2]
    assert [p.value for p in points(FREQUENCY, told, Grain.DAY)] == [2, 2]


def test_nan_and_infinity_are_no_values() -> None:
    window = Window(DAY, DAY + timedelta(days=1))
    told = [Point(window, float("nan")), Point(window, float("inf")), Point(window, 1.0)]
    assert [at.value for at in known(told)] == [1.0]
