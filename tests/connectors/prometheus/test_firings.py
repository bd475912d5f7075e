"""Properties of the ends of alerts, whatever the samples."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.prometheus.answers import Series
from connectors.prometheus.firings import Firing, Watch, ended, firings

STEP = 60
Steps = st.sets(st.integers(1, 60))


def told(steps: set[int], active: int = 30) -> Series:
    return Series({"alertname": "A"}, [(step * STEP, float(active)) for step in sorted(steps)])


def end_of(steps: set[int], beats: set[int]) -> Firing:
    watch = Watch([step * STEP for step in sorted(beats | steps)], STEP)
    (firing,) = ended(firings([told(steps)]), watch).values()
    return firing


@given(steps=Steps.filter(bool), beats=Steps)
def test_an_end_is_told_only_where_the_server_was_at_work_right_after(
    steps: set[int], beats: set[int]
) -> None:
    firing = end_of(steps, beats)
    assert firing.last_at == max(steps) * STEP
    is_watched = max(steps) + 1 in beats
    assert firing.resolved_at == ((max(steps) + 1) * STEP if is_watched else None)


@given(steps=Steps.filter(lambda found: len(found) > 1), beats=Steps)
def test_read_in_two_parts_the_later_part_says_the_same(steps: set[int], beats: set[int]) -> None:
    last = max(steps)
    assert end_of({last}, beats) == end_of(steps, beats)


@given(beats=Steps.filter(bool))
def test_holes_and_beats_make_up_all_the_time(beats: set[int]) -> None:
    watch = Watch([step * STEP for step in sorted(beats)], STEP)
    missing = sum((until - since) // STEP - 1 for since, until in watch.holes)
    assert len(beats) + missing == max(beats) - min(beats) + 1


@given(first=st.integers(2, 20), length=st.integers(1, 20))
def test_the_first_of_two_times_ends_where_the_second_begins_at_the_latest(
    first: int, length: int
) -> None:
    again = first * STEP + 10
    series = [told(set(range(1, first + 1))), told(set(range(first + 1, first + length)), again)]
    watch = Watch([step * STEP for step in range(1, 60)], STEP)
    found = ended(firings(series), watch)
    (earlier,) = (firing for firing in found.values() if firing.active_at == 30)
    assert earlier.resolved_at == (again if length > 1 else (first + 1) * STEP)
