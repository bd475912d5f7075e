"""Changes of level are found where they are, and nowhere else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.period import Grain
from data.series.anomaly import Rule
from data.series.change_point import _Costs, _partition, _ranks, change_points, rule_in_words
from tests.data.series.shapes import MONDAY, hidden, series, weekly_pattern, without

noisy = st.lists(st.integers(0, 30).map(float), min_size=28, max_size=90)


def _noise(length: int, seed: int) -> list[float]:
    chance = random.Random(seed)
    return [chance.gauss(0, 1) for _ in range(length)]


def test_a_planted_shift_is_found_to_the_day() -> None:
    values = [10.0] * 40 + [16.0] * 30
    (found,) = change_points(series(values), Grain.DAY)
    assert found.window.start == MONDAY + timedelta(days=40)
    assert (found.before, found.after, found.known_before, found.known_after) == (10, 16, 40, 30)


@pytest.mark.parametrize("seed", range(5))
def test_a_shift_under_a_weekday_pattern_and_noise_is_found_within_days(seed: int) -> None:
    values = [
        w + n + (6.0 if i >= 70 else 0.0)
        for i, (w, n) in enumerate(zip(weekly_pattern(20), _noise(140, seed), strict=True))
    ]
    (found,) = change_points(series(values), Grain.DAY)
    assert abs((found.window.start - MONDAY).days - 70) <= 3


def test_two_shifts_are_two_change_points() -> None:
    values = [5.0] * 30 + [9.0] * 30 + [5.0] * 30
    found = change_points(series(values), Grain.DAY)
    assert [(at.window.start - MONDAY).days for at in found] == [30, 60]
    assert [(at.before, at.after) for at in found] == [(5, 9), (9, 5)]


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_has_no_change_point(seed: int) -> None:
    assert not change_points(series(_noise(180, seed)), Grain.DAY)


def test_a_weekday_pattern_is_no_change_of_level() -> None:
    assert not change_points(series(weekly_pattern(20)), Grain.DAY)


def test_one_wild_day_is_no_change_of_level() -> None:
    values = _noise(100, 1)
    values[50] = 1e6
    assert not change_points(series(values), Grain.DAY)


def test_a_level_must_hold_for_some_time() -> None:
    values = [5.0] * 60 + [9.0] * 10
    assert not change_points(series(values), Grain.DAY)
    assert not change_points(series([1.0] * 13 + [2.0] * 14), Grain.DAY)


def test_a_change_below_floor_or_share_is_none() -> None:
    told = series([10.0] * 40 + [11.0] * 40)
    assert change_points(told, Grain.DAY, Rule(1.0, 0.1))
    assert not change_points(told, Grain.DAY, Rule(1.5, 0.0))
    assert not change_points(told, Grain.DAY, Rule(0.0, 0.2))


def test_a_small_step_inside_a_large_one_leaves_the_large_one() -> None:
    told = series([10.0] * 30 + [10.5] * 30 + [20.0] * 30)
    (found,) = change_points(told, Grain.DAY, Rule(1.0, 0.0))
    assert (found.window.start - MONDAY).days == 60


def test_a_small_step_beside_a_large_one_is_found_as_well() -> None:
    noise = _noise(290, 4)
    levels = [1000.0] * 180 + [20.0] * 75 + [8.0] * 35
    found = change_points(series([a + b for a, b in zip(levels, noise, strict=True)]), Grain.DAY)
    assert [(at.window.start - MONDAY).days for at in found] == [180, 255]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 3).map(float), min_size=8, max_size=13), st.integers(2, 3))
def test_no_other_partition_is_cheaper(values: list[float], least: int) -> None:
    costs = _Costs(_ranks(np.array(values)))
    length, price = len(values), 1.3

    def cost(bounds: Sequence[int]) -> float:
        firsts, lasts = np.array(bounds[:-1]), np.array(bounds[1:])
        return float(costs.of(firsts, lasts).sum()) + price * (len(bounds) - 1)

    every = (
        (0, *inner, length)
        for count in range(length // least)
        for inner in combinations(range(1, length), count)
    )
    allowed = [b for b in every if all(last - first >= least for first, last in pairwise(b))]
    assert cost(_partition(costs, least, price)) == pytest.approx(min(map(cost, allowed)))


def test_the_change_is_said_plainly() -> None:
    (found,) = change_points(series([1.0] * 8 + [3.0] * 8, Grain.WEEK), Grain.WEEK)
    assert found.in_words(lambda value: f"{value:g}", Grain.WEEK) == (
        "median 1 in the 8 known weeks before, 3 in the 8 from then on"
    )


def test_the_rule_is_said_with_its_numbers() -> None:
    said = rule_in_words(Rule(2.0, 0.1), lambda value: f"{value:g} h", Grain.WEEK)
    assert said.startswith(
        "A new level holds for at least 6 known weeks, and its median is off that of the level "
        "before by more than 10 % of it, and more than 2 h."
    )


@given(st.floats(-1e6, 1e6), st.integers(0, 200))
def test_a_constant_series_has_none(level: float, length: int) -> None:
    assert not change_points(series([level] * length), Grain.DAY)


@settings(deadline=None, max_examples=40)
@given(noisy, st.integers(-500, 500), st.sampled_from([0.5, 2.0, 64.0]))
def test_neither_the_level_nor_the_unit_makes_a_difference(
    values: list[float], level: int, factor: float
) -> None:
    values = [v + 20 * (i > 40) for i, v in enumerate(values)]
    plain = change_points(series(values), Grain.DAY)
    other = change_points(series([(v + level) * factor for v in values]), Grain.DAY)
    assert [at.window for at in plain] == [at.window for at in other]


@settings(deadline=None, max_examples=40)
@given(noisy, st.sets(st.integers(0, 89), max_size=15))
def test_unknown_periods_are_as_if_they_had_never_been(
    values: list[float], unknown: set[int]
) -> None:
    told = series(values)
    assert change_points(hidden(told, unknown), Grain.DAY) == change_points(
        without(told, unknown), Grain.DAY
    )
