"""Figures and foreign text as people read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import (
    DORA,
    NAMES,
    NO_BAND,
    NO_VALUE,
    ago,
    days,
    duration,
    listed,
    message,
    plain,
    reading,
    rounded_percent,
    short_band,
)
from data.benchmarks.bands import Kind
from data.metrics.definition import Unit, definitions
from data.metrics.figure import NoBand, NoValue
from data.period import Window


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3599, "1 h"),
        (3600, "1 h"),
        (9_000, "2 h 30 min"),
        (86_399, "1 d"),
        (86_400, "1 d"),
        (108_000, "1 d 6 h"),
        (120 * 86_400 + 7_200, "120 d"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (2.63, Unit.PER_DAY, "2.6 per day"),
        (0.586, Unit.PER_DAY, "4.1 per week"),
        (0.111, Unit.PER_DAY, "3.4 per month"),
        (0.001, Unit.PER_DAY, "0.03 per month"),
        (0, Unit.PER_DAY, "0 per day"),
        (1240.4, Unit.PER_DAY, "1,240 per day"),
        (0.118, Unit.FRACTION, "11.8 %"),
        (0.174, Unit.AMOUNT, "0.17 each"),
        (15.87, Unit.AMOUNT, "15.9 each"),
        (5.13, Unit.DAYS_PER_WEEK, "5.1 of 7 days"),
        (108_000, Unit.SECONDS, "1 d 6 h"),
    ],
)
def test_a_value_is_told_in_the_unit_people_would_say_it_in(
    value: float, unit: Unit, told: str
) -> None:
    assert str(reading(value, unit)) == told


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-05-01", "2026-05-01", "1 May 2026"),
        ("2026-05-01", "2026-05-31", "1 – 31 May 2026"),
        ("2026-05-01", "2026-06-30", "1 May – 30 Jun 2026"),
        ("2025-12-20", "2026-01-02", "20 Dec 2025 – 2 Jan 2026"),
    ],
)
def test_a_window_is_told_with_its_last_day(first: str, last: str, told: str) -> None:
    end = date.fromisoformat(last) + timedelta(days=1)
    assert days(Window(date.fromisoformat(first), end)) == told


def test_time_passed_is_told_in_one_unit() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert ago(now, now) == "just now"
    assert ago(now - timedelta(minutes=1), now) == "1 minute ago"
    assert ago(now - timedelta(hours=25), now) == "1 day ago"
    assert ago(now + timedelta(hours=1), now) == "just now"


def test_a_rounded_percentage_keeps_its_distance_from_the_sign() -> None:
    assert [rounded_percent(share) for share in (0.0, 0.624, 1.0)] == ["0 %", "62 %", "100 %"]


def test_long_lists_say_how_many_are_left_out() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_every_metric_and_every_reason_has_words() -> None:
    assert set(NAMES) == set(definitions())
    assert set(DORA) < set(NAMES)
    assert set(NO_VALUE) == set(NoValue)
    assert set(NO_BAND) == set(NoBand)


def test_a_band_between_clusters_is_short_in_a_table() -> None:
    assert short_band("between elite and medium", Kind.CENTROIDS) == "elite–medium"
    assert short_band("better than elite", Kind.CENTROIDS) == "better than elite"
    assert short_band("ahead of 54.2 %", Kind.DISTRIBUTION) == "ahead of 54.2 %"


@given(st.text())
def test_foreign_text_keeps_no_markup(text: str) -> None:
    safe = plain(text)
    assert re.sub(r"\\(.)", r"\1", safe) == " ".join(text.split())
    unescaped = re.sub(r"\\.", "", safe)
    assert not re.search(r"[!-/:-@\[-`{-~\n]", unescaped)


def test_only_whole_code_spans_of_a_message_become_code() -> None:
    assert message("run `cairn sync` now") == "run `cairn sync` now"
    assert message("an `open end") == r"an \`open end"
    assert message("[x](y) `a`") == r"\[x\]\(y\) `a`"
