from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.period import (
    MOST_PERIODS,
    Grain,
    PeriodError,
    Window,
    fits,
    parse_window,
    periods,
    window,
)

DAYS = st.dates(date(1975, 1, 1), date(2105, 12, 31))
WINDOWS = st.builds(
    lambda start, days: Window(start, start + timedelta(days=days)), DAYS, st.integers(1, 800)
)


@given(WINDOWS, st.sampled_from(Grain))
def test_periods_cover_the_window_without_gap_or_overlap(whole: Window, grain: Grain) -> None:
    cut = periods(whole, grain)
    assert cut[0].start == whole.start
    assert cut[-1].end == whole.end
    assert all(a.end == b.start for a, b in itertools.pairwise(cut))
    assert all(w.days > 0 for w in cut)


@given(WINDOWS)
def test_the_window_before_is_adjacent_and_alike(whole: Window) -> None:
    before = whole.before
    assert before.end == whole.start
    if "/" in whole.label:
        assert before.days == whole.days
    else:
        assert len(before.label) == len(whole.label)


@given(DAYS, st.sampled_from(Grain))
def test_the_label_of_a_period_reads_back_as_the_same_period(day: date, grain: Grain) -> None:
    middle = next(
        w
        for w in periods(Window(day - timedelta(days=700), day + timedelta(days=700)), grain)
        if w.start <= day < w.end
    )
    assert parse_window(middle.label, day) == middle


@pytest.mark.parametrize("text", ["0001", "9999", "9999-12-31", "9999-W52", "9999m", "9999w"])
def test_years_that_no_calendar_here_holds_are_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_window(text, date(200, 1, 1) if text[-1] in "mw" else date(2026, 11, 1))


@pytest.mark.parametrize("text", ["1900", "1900-01-01", "2999", "2999-Q4", "2999-12-31"])
def test_the_first_and_the_last_year_are_read_whole(text: str) -> None:
    assert parse_window(text, date(2026, 11, 1)).label == text


@pytest.mark.parametrize("text", ["1899", "1899-12-31", "3000", "3000-01-01"])
def test_days_beyond_them_are_refused(text: str) -> None:
    with pytest.raises(PeriodError, match="leaves the years 1900 to 2999"):
        parse_window(text, date(2026, 11, 1))


@pytest.mark.parametrize("grain", Grain)
def test_more_periods_than_a_screen_can_show_are_refused(grain: Grain) -> None:
    whole = Window(date(1900, 1, 1), date(2999, 1, 1))
    if fits(whole, grain):
        assert len(periods(whole, grain)) <= MOST_PERIODS
    else:
        with pytest.raises(PeriodError, match="choose a longer grain or fewer days"):
            periods(whole, grain)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-Q2", "2026-04-01", "2026-07-01"),
        ("2026-05", "2026-05-01", "2026-06-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-05-17", "2026-05-17", "2026-05-18"),
        ("90d", "2026-08-03", "2026-11-01"),
        ("2w", "2026-10-18", "2026-11-01"),
        ("6m", "2026-05-01", "2026-11-01"),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, start: str, end: str) -> None:
    read = parse_window(text, date(2026, 11, 1))
    assert read == Window(date.fromisoformat(start), date.fromisoformat(end))


def test_months_back_from_the_end_of_a_long_month_stay_within_the_month() -> None:
    assert parse_window("1m", date(2026, 3, 31)).start == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13", "2026-W60", "2026-Q5", "0d", "2026-02-30"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(PeriodError, match=r"2026|swap"):
        parse_window(text, date(2026, 11, 1))


def test_a_window_ends_after_it_begins() -> None:
    with pytest.raises(PeriodError):
        window(date(2026, 5, 1), date(2026, 5, 1))
