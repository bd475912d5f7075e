"""A forecast says how far off it was, and is not made where that cannot be known."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.period import Grain
from data.series.forecast import Forecast, TooShort, forecast, needed_periods
from data.series.points import Point
from data.series.seasonal import HORIZON
from tests.data.series.shapes import MONDAY, WEEKDAYS, hidden, series, weekly_pattern, without

noisy = st.lists(st.integers(0, 40).map(float), min_size=60, max_size=75)


def _made(told: list[Point], grain: Grain = Grain.DAY) -> Forecast:
    found = forecast(told, grain)
    assert isinstance(found, Forecast), found
    return found


def test_a_pure_weekday_pattern_is_forecast_without_error() -> None:
    found = _made(series(weekly_pattern(12)))
    assert found.back_test.mean_absolute_error == 0
    assert (found.has_drift, found.is_weekly) == (False, True)
    assert [e.value for e in found.expected] == [*WEEKDAYS, *WEEKDAYS]
    assert all(e.low == e.value == e.high for e in found.expected)
    assert found.expected[0].window.start == MONDAY + timedelta(days=84)


def test_a_weekday_pattern_with_drift_is_forecast_without_error() -> None:
    values = [v + 0.5 * i for i, v in enumerate(weekly_pattern(16))]
    found = _made(series(values))
    assert found.has_drift
    assert found.drift == pytest.approx(3.5)
    assert found.back_test.mean_absolute_error == pytest.approx(0, abs=1e-9)
    assert found.expected[8].value == pytest.approx(WEEKDAYS[1] + 0.5 * 120)


def test_the_error_is_that_of_what_came_later() -> None:
    values = [4.0] * 60 + [6.0] * 14
    found = _made(series(values))
    # Ends 46 to 59 see 0 to 13 of the days with 6, which nothing before told of.
    errors = sum(2 * (end + 14 - 60) for end in range(46, 61)) + 0
    assert found.back_test.compared == 14 * found.back_test.origins
    assert found.back_test.mean_absolute_error == pytest.approx(errors / found.back_test.compared)


def test_a_forecast_must_be_nearer_than_the_last_one_alike() -> None:
    chance = random.Random(5)
    noise = [v + chance.gauss(0, 1) for v in weekly_pattern(20)]
    assert _made(series(noise)).back_test.beats_naive
    walk = [0.0]
    for _ in range(119):
        walk.append(walk[-1] + chance.choice([-1.0, 1.0]))
    test = _made(series(walk, Grain.WEEK), Grain.WEEK).back_test
    assert not test.beats_naive
    assert test.naive_error < test.mean_absolute_error


def test_the_naive_error_is_that_of_the_last_same_weekday() -> None:
    values = weekly_pattern(20)
    values[-21] += 7.0
    test = _made(series(values)).back_test
    # Fourteen ends before the odd day miss it; seven after it carry it on, to two days each.
    assert test.mean_absolute_error * test.compared == pytest.approx(7.0 * 14)
    assert test.naive_error * test.compared == pytest.approx(7.0 * (14 + 7 * 2))


def test_the_band_holds_eight_of_ten_of_what_comes() -> None:
    chance = random.Random(7)
    values = [v + chance.gauss(0, 1) for v in weekly_pattern(40)]
    inside = total = 0
    for end in range(140, 266, 14):
        for each in _made(series(values[:end])).expected:
            came = values[(each.window.start - MONDAY).days]
            inside += each.low <= came <= each.high
            total += 1
    assert 0.65 <= inside / total <= 0.95


@pytest.mark.parametrize("grain", Grain)
def test_it_takes_as_many_periods_as_it_says(grain: Grain) -> None:
    needed = needed_periods(grain)
    values = [float(i % 5) for i in range(needed)]
    start = MONDAY if grain in (Grain.DAY, Grain.WEEK) else date(1960, 1, 1)
    assert isinstance(forecast(series(values, grain, start), grain), Forecast)
    short = forecast(series(values[1:], grain, start), grain)
    assert isinstance(short, TooShort)
    assert (short.known, short.needed, short.origins) == (needed - 1, needed, 11)
    assert f"{needed} known {grain.value}s" in short.in_words(grain)


def test_nothing_known_makes_no_forecast() -> None:
    assert forecast([], Grain.DAY) == TooShort(0, needed_periods(Grain.DAY), 0)


def test_a_series_of_zeros_has_no_relative_error() -> None:
    found = _made(series([0.0] * 80))
    assert (found.back_test.mean_absolute_error, found.back_test.share) == (0, None)


def test_months_go_on_from_the_last_known_one() -> None:
    found = _made(series([5.0] * 24, Grain.MONTH, date(2024, 1, 1)), Grain.MONTH)
    assert [e.window.label for e in found.expected] == ["2026-01", "2026-02", "2026-03"]
    assert len(found.expected) == HORIZON[Grain.MONTH]


def test_days_on_which_nobody_works_are_not_forecast() -> None:
    weekends = {i for i in range(120) if i % 7 >= 5}
    found = _made(hidden(series([3.0] * 120), weekends))
    assert len(found.expected) == 10
    assert {e.window.start.weekday() for e in found.expected} == {0, 1, 2, 3, 4}
    assert found.back_test.mean_absolute_error == 0


def test_a_weekday_seldom_known_is_not_enough_for_a_forecast() -> None:
    only_mondays = {i for i in range(200) if i % 7}
    assert isinstance(forecast(hidden(series([3.0] * 200), only_mondays), Grain.DAY), TooShort)


@settings(deadline=None, max_examples=15)
@given(noisy, st.integers(-500, 500))
def test_adding_a_constant_shifts_nothing_but_the_level(values: list[float], level: int) -> None:
    plain, raised = _made(series(values)), _made(series([v + level for v in values]))
    assert raised.back_test.mean_absolute_error == pytest.approx(
        plain.back_test.mean_absolute_error, abs=1e-9
    )
    for one, other in zip(plain.expected, raised.expected, strict=True):
        assert (other.value, other.low, other.high) == pytest.approx(
            (one.value + level, one.low + level, one.high + level), abs=1e-9
        )


@settings(deadline=None, max_examples=15)
@given(noisy, st.sampled_from([0.25, 8.0]))
def test_the_unit_makes_no_difference(values: list[float], factor: float) -> None:
    plain, other = _made(series(values)), _made(series([v * factor for v in values]))
    assert other.back_test.share == plain.back_test.share
    assert [e.value for e in other.expected] == [e.value * factor for e in plain.expected]


@settings(deadline=None, max_examples=15)
@given(noisy, st.sets(st.integers(0, 74), max_size=8))
def test_unknown_periods_are_as_if_they_had_never_been(
    values: list[float], unknown: set[int]
) -> None:
    told = series(values)
    assert forecast(hidden(told, unknown), Grain.DAY) == forecast(without(told, unknown), Grain.DAY)
