"""How fast objectives use their budget of errors, by hour, day and window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.configuration import Configuration, Team
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from data.model import Indicator
from data.period import Window
from tests.data.facts.operations import day
from tests.data.facts.story import Facts, Row, Story
from tests.data.published import at

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))


def burns(facts: Facts, name: str = "availability") -> dict[str, Row]:
    rows = facts.snapshot.rows("select * from objective_burn order by day")
    return {f"{row['day']:%m-%d}": row for row in rows if row["name"] == name}


def stretch(from_at: str, minutes: int, value: float | None, **fields: object) -> Indicator:
    """A part of a day of the objective."""
    start = at(from_at)
    length = {
        "id": f"test:indicator/{from_at}",
        "from_at": start,
        "until_at": start + timedelta(minutes=minutes),
        "known_seconds": 60 * minutes if value is not None else 0,
    }
    return day(from_at[:10], value, **{**length, **fields})


def test_a_day_that_uses_what_it_is_allowed_burns_at_one(story: Story) -> None:
    found = burns(story(day("2026-05-01", 0.999), day("2026-05-02", 0.99)))
    assert found["05-01"]["burn_rate"] == pytest.approx(1)
    assert found["05-02"]["burn_rate"] == pytest.approx(10)
    assert found["05-02"]["good_share"] == pytest.approx(0.99)
    assert (found["05-02"]["counted_in"], found["05-02"]["target"]) == ("seconds", 0.999)
    assert found["05-02"]["bad"] == pytest.approx(864)
    assert found["05-02"]["allowed"] == pytest.approx(86.4)


def test_where_events_are_counted_days_weigh_as_their_events(story: Story) -> None:
    days = [day(f"2026-05-{n:02}", 1.0, total=1000.0) for n in range(1, 30)]
    found = burns(story(days, day("2026-05-30", 0.99, total=71_000.0)))
    assert found["05-30"]["counted_in"] == "events"
    assert found["05-30"]["bad"] == pytest.approx(710)
    assert found["05-30"]["budget_left"] == pytest.approx(1 - 710 / 100)
    assert found["05-30"]["burn_rate_3d"] == pytest.approx(710 / 73)


def test_events_that_are_not_always_counted_are_weighed_by_time(story: Story) -> None:
    facts = story(day("2026-05-01", 1.0, total=9.0), day("2026-05-02", 0.998))
    assert {row["counted_in"] for row in burns(facts).values()} == {"seconds"}


def test_the_budget_is_that_of_thirty_days(story: Story) -> None:
    good = [day(f"2026-05-{n:02}", 1.0) for n in range(2, 32)]
    found = burns(story(day("2026-05-01", 0.985), good))
    assert found["05-30"]["budget_left"] == pytest.approx(0.5), "15 of 30 allowed thousandths"
    assert found["05-31"]["budget_left"] == pytest.approx(1), "the first of May is no part of it"
    assert found["05-31"]["window_known"] == pytest.approx(1)


def test_a_window_of_which_half_is_not_known_has_no_budget(story: Story) -> None:
    days = [day(f"2026-05-{n:02}", None if n == 3 else 1.0) for n in range(1, 18)]
    found = burns(story(days))
    assert found["05-03"]["burn_rate"] is None
    assert found["05-03"]["good_share"] is None
    assert found["05-15"]["budget_left"] is None
    assert found["05-15"]["window_known"] == pytest.approx(14 / 30)
    assert found["05-16"]["budget_left"] == pytest.approx(1)
    assert found["05-02"]["burn_rate_3d"] == pytest.approx(0)
    assert found["05-01"]["burn_rate_3d"] is None


@pytest.mark.parametrize("target", [1.0, None])
def test_what_allows_nothing_has_no_budget(story: Story, target: float | None) -> None:
    found = burns(story(day("2026-05-01", 0.5, target=target)))["05-01"]
    assert (found["burn_rate"], found["allowed"], found["budget_left"]) == (None, None, None)
    assert found["good_share"] == 0.5


def test_each_day_is_held_against_its_own_target(story: Story) -> None:
    days = [day(f"2026-05-{n:02}", 0.99, target=0.9 if n < 16 else 0.99) for n in range(1, 31)]
    found = burns(story(days))
    assert found["05-15"]["burn_rate"] == pytest.approx(0.1)
    assert found["05-30"]["burn_rate"] == pytest.approx(1)
    assert found["05-30"]["budget_left"] == pytest.approx(1 - 30 * 0.01 / (15 * 0.1 + 15 * 0.01))


def test_days_do_not_tell_how_fast_an_hour_burned(story: Story) -> None:
    found = burns(story(day("2026-05-01", 0.9)))["05-01"]
    assert (found["burn_rate_1h"], found["burn_rate_6h"]) == (None, None)


def test_finer_stretches_tell_the_worst_hour_and_six_hours_of_a_day(story: Story) -> None:
    parts = [
        stretch(f"2026-05-01 {n // 2:02}:{30 * (n % 2):02}", 30, 0.9 if n in (7, 8) else 1.0)
        for n in range(48)
    ]
    found = burns(story(parts))["05-01"]
    assert found["burn_rate_1h"] == pytest.approx(100), (
        "two bad halves of one hour, across the full"
    )
    assert found["burn_rate_6h"] == pytest.approx(100 / 6)
    assert found["burn_rate"] == pytest.approx(100 / 24)
    assert found["known_seconds"] == 86_400


def test_an_hour_of_which_less_than_half_was_measured_tells_nothing(story: Story) -> None:
    parts = [
        stretch(f"2026-05-01 10:{n:02}", 20, value)
        for n, value in ((0, None), (20, 0.5), (40, None))
    ]
    assert burns(story(parts))["05-01"]["burn_rate_1h"] is None


def test_hours_that_stretches_do_not_divide_evenly_tell_nothing(story: Story) -> None:
    found = burns(story(*(stretch(f"2026-05-01 {n:02}:00", 240, 0.9) for n in (0, 4, 8))))
    assert (found["05-01"]["burn_rate_1h"], found["05-01"]["burn_rate_6h"]) == (None, None)


def test_series_of_one_objective_are_one_row_a_day(story: Story) -> None:
    pods = [day("2026-05-01", value, id=f"test:pod/{value}") for value in (1.0, 0.998)]
    found = burns(story(pods, day("2026-05-01", 0.5, id="l", name="latency")))
    assert found["05-01"]["burn_rate"] == pytest.approx(1)
    assert found["05-01"]["known_seconds"] == 86_400


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_a_day_of_utc_counts_on_the_local_day_that_holds_most_of_it(
    story: Story, zone: str
) -> None:
    by = Configuration(team=(Team(name="w", owns=("service:web",), timezone=zone),))
    facts = story(day("2026-05-01", 0.5), by=by)
    assert list(burns(facts)) == ["05-01"]
    uptime = evaluate(facts.snapshot, definition("system_uptime"), Scope(), MAY).figures[0]
    assert (uptime.value, uptime.n) == (0.5, 1)


def test_at_the_rim_of_the_zones_most_of_a_day_is_the_next(story: Story) -> None:
    by = Configuration(team=(Team(name="w", owns=("service:web",), timezone="Pacific/Kiritimati"),))
    assert list(burns(story(day("2026-04-30", 0.5), by=by))) == ["05-01"]
    asked = Scope(timezone="Pacific/Kiritimati")
    facts = story(day("2026-04-30", 0.5))
    uptime = evaluate(facts.snapshot, definition("system_uptime"), asked, MAY).figures[0]
    assert (uptime.value, uptime.n) == (0.5, 1)


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("checkout availability", "availability"),
        ("Uptime", "availability"),
        ("search latency", "latency"),
        ("latency when available", "latency"),
        ("orders fresh", "freshness"),
        ("quality", None),
    ],
)
def test_what_an_objective_is_about_is_what_its_name_says(
    story: Story, name: str, about: str | None
) -> None:
    found = story(day("2026-05-01", 0.5, name=name)).snapshot.rows("from indicator_day")
    assert found[0]["about"] == about
