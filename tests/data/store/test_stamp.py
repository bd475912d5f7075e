"""Stamps sort in the order in which they were made, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.store.stamp import stamp_after

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_stamp_is_the_time_in_seconds() -> None:
    assert stamp_after(None, NOON) == "20261121T120000"
    assert stamp_after("20261121T115959-abc", NOON) == "20261121T120000"


def test_a_second_stamp_in_one_second_is_a_second_later() -> None:
    assert stamp_after("20261121T120000-abc", NOON) == "20261121T120001"
    assert stamp_after("20261231T235959", NOON) == "20270101T000000"


@given(st.lists(st.integers(-(10**8), 10**8), max_size=20))
def test_stamps_rise_even_when_the_clock_falls(offsets_seconds: list[int]) -> None:
    made: list[str] = []
    for offset in offsets_seconds:
        made.append(stamp_after(made[-1] if made else None, NOON + timedelta(seconds=offset)))
    assert made == sorted(set(made))
