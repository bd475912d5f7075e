"""Local clocks as rows, against the time zone database of Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.configuration import Configuration, Organisation
from data.facts.clocks import FIRST, LAST, Stretch, stretches
from tests.data.facts.story import Story, ran

ZONES = (
    "UTC",
    "Europe/Lisbon",
    "America/Toronto",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Caracas",
)
START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
CLOCKS = {zone: stretches(zone, START, END) for zone in ZONES}


def local(clocks: list[Stretch], moment: datetime) -> datetime:
    """The wall clock as the facts compute it."""
    (stretch,) = (s for s in clocks if s.from_at <= moment < s.until_at)
    return moment.replace(tzinfo=None) + timedelta(seconds=stretch.offset_seconds)


def truth(zone: str, moment: datetime) -> datetime:
    """The wall clock as Python knows it."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(
    st.sampled_from(ZONES),
    st.datetimes(
        min_value=START.replace(tzinfo=None),
        max_value=END.replace(tzinfo=None) - timedelta(seconds=1),
        timezones=st.just(UTC),
    ),
)
def test_any_moment_has_the_wall_clock_that_python_gives_it(zone: str, moment: datetime) -> None:
    assert local(CLOCKS[zone], moment) == truth(zone, moment)


@pytest.mark.parametrize("zone", ZONES)
def test_the_seconds_around_each_change_of_the_clock_are_right(zone: str) -> None:
    for stretch in CLOCKS[zone][1:]:
        for seconds in (-1, 0, 1):
            moment = stretch.from_at + timedelta(seconds=seconds)
            assert local(CLOCKS[zone], moment) == truth(zone, moment)


@pytest.mark.parametrize("zone", ZONES)
def test_all_of_time_is_covered_once(zone: str) -> None:
    clocks = CLOCKS[zone]
    assert (clocks[0].from_at, clocks[-1].until_at) == (FIRST, LAST)
    assert all(a.until_at == b.from_at for a, b in pairwise(clocks))
    assert all(s.from_at < s.until_at for s in clocks)


def test_a_zone_that_never_changes_is_one_stretch() -> None:
    assert len(CLOCKS["UTC"]) == len(CLOCKS["Asia/Kolkata"]) == 1


def test_beyond_the_span_the_nearest_offset_is_kept_on() -> None:
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    clocks = stretches("Europe/Lisbon", summer, winter)
    assert local(clocks, datetime(1970, 1, 1, tzinfo=UTC)).hour == 1
    assert local(clocks, datetime(2106, 7, 1, tzinfo=UTC)).hour == 0


# In Lisbon the clock is put forward at 01:00 UTC on 29 March 2026 and back at 01:00 UTC on
# 25 October; in Apia 30 December 2011 did not take place.
@pytest.mark.parametrize(
    ("zone", "moment", "wall_clock"),
    [
        ("Europe/Lisbon", "2026-03-29 00:59", "2026-03-29 00:59"),
        ("Europe/Lisbon", "2026-03-29 01:00", "2026-03-29 02:00"),
        ("Europe/Lisbon", "2026-10-25 00:59", "2026-10-25 01:59"),
        ("Europe/Lisbon", "2026-10-25 01:00", "2026-10-25 01:00"),
        ("Pacific/Apia", "2011-12-30 09:59", "2011-12-29 23:59"),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-31 00:00"),
        ("Asia/Kathmandu", "2026-05-01 18:15", "2026-05-02 00:00"),
    ],
)
def test_the_day_on_which_the_clock_is_changed(
    story: Story, zone: str, moment: str, wall_clock: str
) -> None:
    year = moment[:4]
    facts = story(
        [ran(1, f"{year}-01-01"), ran(2, moment), ran(3, f"{year}-12-31")],
        by=Configuration(organisation=Organisation(timezone=zone)),
    )
    assert f"{facts.outcome(moment)['local_at']:%Y-%m-%d %H:%M}" == wall_clock
