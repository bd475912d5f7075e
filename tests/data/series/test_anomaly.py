"""Unusual periods are found by a rule that can be said, and by nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.metrics.definition import definition, definitions
from data.period import Grain
from data.series.anomaly import Rule, anomalies, usual_rule
from tests.data.series.shapes import MONDAY, hidden, series, weekly_pattern, without

BARE = Rule(floor=0.0, share=0.0)
noisy = st.lists(st.integers(0, 40).map(float), min_size=40, max_size=90)
gaps = st.sets(st.integers(0, 89), max_size=15)


def test_a_planted_spike_is_the_only_anomaly() -> None:
    values = weekly_pattern(12)
    values[70] = 30.0
    (found,) = anomalies(series(values), Grain.DAY, BARE).anomalies
    assert (found.window.start, found.value, found.expected) == (date(2025, 3, 17), 30.0, 5.0)
    assert found.score is None


def test_a_quiet_sunday_is_usual_and_a_quiet_monday_is_not() -> None:
    values = weekly_pattern(10)
    values[63] = 0.0
    (found,) = anomalies(series(values), Grain.DAY, BARE).anomalies
    assert (found.window.start.weekday(), found.value, found.expected) == (0, 0.0, 5.0)


def test_the_rule_is_said_in_words_that_can_be_counted() -> None:
    values = weekly_pattern(9)
    values[14], values[21], values[56] = 4.0, 9.0, 20.0
    found = anomalies(series(values), Grain.DAY, Rule(3.0, 0.1)).anomalies[-1]
    assert found.in_words(lambda value: f"{value:g}") == (
        "20 instead of about 5: 7 of the 8 known Mondays of the 8 weeks before were between 2 and 8"
    )


def test_the_rule_names_all_that_it_asks_for() -> None:
    said = Rule(2.0, 0.1, least_run=3).in_words(lambda value: f"{value:g}", Grain.DAY)
    for word in ("3.5 robust", "10 % of it", "more than 2,", "3 times in a row", "same weekday"):
        assert word in said


def test_the_rule_of_a_share_says_from_where_the_least_is_counted() -> None:
    said = usual_rule(definition("system_uptime")).least_in_words(lambda value: f"{value:g}")
    assert said[0].endswith("% of the way from there to 0 % or 100 %, whichever is nearer")
    assert said[1] == "0.02, or that whole way if there is one and it is shorter"


def test_what_is_usual_now_is_said_with_its_numbers() -> None:
    values = weekly_pattern(9)
    values[14], values[21] = 4.0, 9.0
    usual = anomalies(series(values), Grain.DAY, Rule(3.0, 0.1)).latest
    assert usual is not None
    assert usual.in_words(lambda v: f"{v:g}", lambda v: f"{v:g} apart") == (
        "-3 to 3: the median 0 of the 8 known Sundays of the 8 weeks before, give or take 3 apart "
        "(the least that counts)"
    )


def test_days_before_the_window_measure_and_are_not_judged() -> None:
    values = weekly_pattern(12)
    values[60] = values[70] = 30.0
    since = date(2025, 3, 10)
    found = anomalies(series(values), Grain.DAY, BARE, since)
    assert [each.window.start for each in found.anomalies] == [date(2025, 3, 17)]
    assert (found.judged, found.unjudged) == (84 - 63, 0)
    assert set(found.anomalies) <= set(anomalies(series(values), Grain.DAY, BARE).anomalies)


def test_of_a_share_that_is_nearly_all_what_is_missing_counts() -> None:
    values = [0.9995, 0.9994, 0.9996] * 20 + [0.996]
    rule = usual_rule(definition("system_uptime"))
    (found,) = anomalies(series(values), Grain.DAY, rule).anomalies
    assert found.value == 0.996
    assert "whichever is nearer" in rule.in_words(str, Grain.DAY)


@pytest.mark.parametrize(
    "values",
    [[None] * 90, [5.0] * 90, [5.0], [], [None, 7.0] * 3, [0.0] * 90],
    ids=["unknown", "flat", "one", "none", "few with gaps", "always zero"],
)
def test_where_nothing_is_odd_nothing_is_said(values: list[float | None]) -> None:
    assert not anomalies(series(values), Grain.DAY, Rule(0.0, 0.0)).anomalies


def test_an_outage_of_the_source_is_no_fall_to_zero() -> None:
    values: list[float | None] = [*weekly_pattern(12)]
    values[60:75] = [None] * 15
    found = anomalies(series(values), Grain.DAY, BARE)
    assert not found.anomalies
    assert found.judged == 84 - 28 - 15


def test_the_value_lies_outside_of_the_bounds_that_are_told() -> None:
    values = [float(i * i % 11) for i in range(80)]
    values[75] = 99.0
    (found,) = (a for a in anomalies(series(values), Grain.DAY, BARE).anomalies if a.value == 99.0)
    assert found.value > found.high
    assert found.score is not None
    assert found.score > BARE.score


@pytest.mark.parametrize("rule", [Rule(3.0, 0.0), Rule(0.0, 0.5)])
def test_a_small_change_is_none_by_floor_or_by_share(rule: Rule) -> None:
    values = [6.0] * 70
    values[60] = 9.0
    assert anomalies(series(values), Grain.DAY, BARE).anomalies
    assert not anomalies(series(values), Grain.DAY, rule).anomalies


def test_a_run_must_be_as_long_as_the_rule_says() -> None:
    values = [6.0] * 70
    values[50] = values[60] = values[61] = values[62] = 20.0
    found = anomalies(series(values), Grain.DAY, Rule(0.0, 0.0, least_run=3)).anomalies
    assert [each.run for each in found] == [1, 2, 3]
    assert {each.window.start for each in found} == {date(2025, 3, d) for d in (7, 8, 9)}


def test_opposite_sides_and_unknown_periods_end_a_run() -> None:
    values: list[float | None] = [6.0] * 70
    values[60], values[61] = 20.0, 1.0
    values[64], values[65], values[66] = 20.0, None, 20.0
    assert not anomalies(series(values), Grain.DAY, Rule(0.0, 0.0, least_run=2)).anomalies


def test_too_little_history_judges_nothing_and_says_so() -> None:
    found = anomalies(series([1.0] * 27 + [500.0]), Grain.DAY, BARE)
    assert (found.anomalies, found.judged, found.unjudged) == ((), 0, 28)


def test_a_steady_drift_is_no_anomaly() -> None:
    drifting = [value + 0.1 * i for i, value in enumerate(weekly_pattern(20))]
    assert not anomalies(series(drifting), Grain.DAY, BARE).anomalies


def test_a_level_shift_is_unusual_until_it_is_what_is_usual() -> None:
    values = [6.0] * 70 + [12.0] * 70
    found = anomalies(series(values), Grain.DAY, BARE).anomalies
    assert found[0].window.start == date(2025, 3, 17)
    assert 10 <= len(found) <= 35
    assert [each.run for each in found] == list(range(1, len(found) + 1))


def test_a_day_that_never_strayed_may_stray_as_all_days_do() -> None:
    values = [0.0 if i % 7 == 6 else 10.0 + i * i % 11 for i in range(70)]
    values[69] = 3.0
    last = series(values)[-1].window
    assert last not in {a.window for a in anomalies(series(values), Grain.DAY, BARE).anomalies}
    values[69] = 30.0
    found = anomalies(series(values), Grain.DAY, BARE).anomalies[-1]
    assert (found.window, found.expected) == (last, 0)


def test_a_month_is_measured_by_the_same_month_where_three_years_are_known() -> None:
    year = [10.0] * 11 + [50.0]
    (found,) = anomalies(
        series(year * 4 + [10.0] * 11 + [10.0], Grain.MONTH, date(2020, 1, 1)), Grain.MONTH, BARE
    ).anomalies[-1:]
    assert (found.expected, found.history) == (50.0, 4)
    assert found.kind == "Decembers of the 5 years before"


def test_a_week_of_a_short_history_is_measured_by_those_just_before() -> None:
    (found,) = anomalies(series([3.0] * 10 + [9.0], Grain.WEEK), Grain.WEEK, BARE).anomalies
    assert found.kind == "weeks just before"


@pytest.mark.parametrize("metric", definitions().values(), ids=lambda m: m.id)
def test_every_metric_has_a_rule(metric: object) -> None:
    assert usual_rule(metric).floor >= 0  # type: ignore[arg-type]


@given(st.floats(-1e9, 1e9), st.integers(0, 120), st.sampled_from(Grain))
def test_a_constant_series_has_no_anomaly(level: float, length: int, grain: Grain) -> None:
    start = date(1990, 1, 1) if grain is not Grain.WEEK else MONDAY
    assert not anomalies(series([level] * length, grain, start), grain, BARE).anomalies


@settings(deadline=None, max_examples=40)
@given(noisy, st.integers(-1000, 1000))
def test_adding_a_constant_shifts_nothing_but_the_level(values: list[float], level: int) -> None:
    plain = anomalies(series(values), Grain.DAY, Rule(2.0, 0.0)).anomalies
    raised = anomalies(series([v + level for v in values]), Grain.DAY, Rule(2.0, 0.0)).anomalies
    assert [(a.window, a.value + level, a.expected + level, a.score, a.run) for a in plain] == [
        (a.window, a.value, a.expected, a.score, a.run) for a in raised
    ]


@settings(deadline=None, max_examples=40)
@given(noisy, st.sampled_from([0.25, 4.0, 1024.0]))
def test_the_unit_makes_no_difference(values: list[float], factor: float) -> None:
    plain = anomalies(series(values), Grain.DAY, Rule(2.0, 0.1)).anomalies
    other = anomalies(
        series([v * factor for v in values]), Grain.DAY, Rule(2.0 * factor, 0.1)
    ).anomalies
    assert [(a.window, a.score, a.run) for a in plain] == [
        (a.window, a.score, a.run) for a in other
    ]


@settings(deadline=None, max_examples=40)
@given(noisy, gaps)
def test_unknown_periods_are_as_if_they_had_never_been(
    values: list[float], unknown: set[int]
) -> None:
    told = series(values)
    assert anomalies(hidden(told, unknown), Grain.DAY, BARE) == anomalies(
        without(told, unknown), Grain.DAY, BARE
    )


@settings(deadline=None, max_examples=40)
@given(noisy, st.integers(0, 60))
def test_what_comes_later_changes_no_verdict(values: list[float], cut: int) -> None:
    early = anomalies(series(values[:cut]), Grain.DAY, BARE).anomalies
    assert anomalies(series(values), Grain.DAY, BARE).anomalies[: len(early)] == early
