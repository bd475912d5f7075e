"""The demo's own time and chance: local hours over clock changes, and draws that never vary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.demo.dice import Dice
from connectors.demo.organisation import at, organisation
from connectors.demo.timeline import Timeline
from connectors.demo.working_time import WorkingTime

HOUR = 3600
HOURS = (9, 18)


def working(timezone: str, holidays: frozenset[tuple[int, int]] = frozenset()) -> WorkingTime:
    return WorkingTime(timezone, holidays, HOURS, date(2024, 6, 1), date(2026, 12, 31))


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def local(at: int, timezone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(timezone))


def test_work_that_does_not_fit_into_friday_ends_on_monday() -> None:
    clock = working("Asia/Tokyo")
    friday = instant("2025-06-06T17:00:00+09:00")
    assert clock.move(friday, 2 * HOUR) == instant("2025-06-09T10:00:00+09:00")


def test_work_counted_back_from_monday_begins_on_friday() -> None:
    clock = working("Asia/Tokyo")
    monday = instant("2025-06-09T10:00:00+09:00")
    assert clock.move(monday, -2 * HOUR) == instant("2025-06-06T17:00:00+09:00")


def test_a_holiday_is_skipped() -> None:
    clock = working("Europe/Lisbon", frozenset({(4, 25)}))
    before = instant("2025-04-24T17:30:00+01:00")
    assert clock.move(before, HOUR) == instant("2025-04-28T09:30:00+01:00")


def test_outside_working_time_the_clock_stands_still() -> None:
    clock = working("America/Toronto")
    opening = instant("2025-06-09T09:00:00-04:00")
    for outside in (
        "2025-06-06T22:00:00-04:00",
        "2025-06-08T12:00:00-04:00",
        "2025-06-09T03:00:00-04:00",
    ):
        assert clock.move(instant(outside), 0) == opening


@pytest.mark.parametrize(
    ("timezone", "winter_hour", "summer_hour"),
    [("Europe/Lisbon", 9, 8), ("America/Toronto", 14, 13), ("Asia/Tokyo", 0, 0)],
)
def test_nine_in_the_morning_follows_the_clock_change(
    timezone: str, winter_hour: int, summer_hour: int
) -> None:
    opens = dict(zip(*[iter(())] * 2, strict=True)) or {
        day: datetime.fromtimestamp(opens_at, UTC).hour
        for day, opens_at in zip(working(timezone).days, working(timezone).opens_at, strict=True)
    }
    assert opens[date(2025, 1, 15)] == winter_hour
    assert opens[date(2025, 7, 15)] == summer_hour


@given(
    start=st.integers(instant("2025-01-01T00:00:00+00:00"), instant("2026-06-01T00:00:00+00:00")),
    seconds=st.integers(0, 60 * HOUR),
    timezone=st.sampled_from(["Europe/Lisbon", "America/Toronto", "Asia/Tokyo"]),
)
def test_moving_on_and_back_returns_to_the_same_working_moment(
    start: int, seconds: int, timezone: str
) -> None:
    clock = working(timezone)
    opening = clock.move(start, 0)
    moved = clock.move(opening, seconds)
    assert clock.move(moved, -seconds) == opening
    assert moved - opening >= seconds
    assert local(moved, timezone).weekday() < 5
    assert HOURS[0] <= local(moved, timezone).hour < HOURS[1]


def test_draws_are_the_same_on_every_machine() -> None:
    dice = Dice(7, "somewhere", date(2025, 3, 30))
    drawn = [dice.between(0, 1), dice.around(10), float(dice.count(2.5)), float(dice.chance(0.5))]
    assert drawn == [0.1976065031298886, 12.982615315250332, 2.0, 1.0]


def test_another_key_draws_something_else() -> None:
    assert Dice(7, "a", "b").between(0, 1) != Dice(7, "b", "a").between(0, 1)


@given(st.integers(), st.floats(0.001, 1000))
def test_a_spread_stays_within_its_bounds(key: int, median: float) -> None:
    assert 0.119 * median <= Dice(key).around(median) <= 6.001 * median


@given(st.floats(0, 20))
def test_counts_have_their_mean(mean: float) -> None:
    dice = Dice("mean")
    counts = [dice.count(mean) for _ in range(4000)]
    assert sum(counts) / 4000 == pytest.approx(mean, abs=0.02 + mean * 0.03)


def test_a_course_runs_straight_from_knot_to_knot() -> None:
    assert [at((9, 5, 1), story) for story in (0, 0.25, 0.5, 1)] == [9, 7, 5, 1]
    assert at((4,), 0.7) == 4


def test_the_freeze_spans_the_turn_of_the_year() -> None:
    frozen = [organisation().is_frozen(date(2025, 12, 19) + timedelta(days=n)) for n in range(17)]
    assert frozen == [False] + [True] * 14 + [False] * 2


def test_events_happen_in_the_order_of_their_times_and_stop_at_the_end() -> None:
    timeline, happened = Timeline(), list[int]()

    def echo(at: int) -> None:
        happened.append(at)
        timeline.plan(at + 10, happened.append)

    timeline.plan(5, happened.append)
    timeline.plan(1, echo)
    timeline.plan(20, happened.append)
    timeline.run(20)
    assert happened == [1, 5, 11]
