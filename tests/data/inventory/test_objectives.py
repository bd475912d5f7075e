"""Objectives: one row for each source that measures one, and no budget of long ago."""

from __future__ import annotations

from datetime import date

import pytest

from app.components.objectives import left
from data.inventory.objectives import budget, objectives
from data.metrics.scope import Scope
from data.model import Indicator
from data.period import Window
from tests.data.facts.operations import day
from tests.data.facts.story import Row, Story

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))


def measured(value: float, days: range, source: str = "test") -> list[Indicator]:
    return [
        day(f"2026-05-{number:02}", value, id=f"{source}:{number}", source=source)
        for number in days
    ]


def listed(story: Story, *told: list[Indicator], window: Window = MAY) -> list[Row]:
    return list(objectives(story(*told).snapshot, Scope(), window).to_pylist())


def test_an_objective_that_two_sources_measure_has_a_row_and_a_course_of_each(
    story: Story,
) -> None:
    facts = story(measured(1.0, range(1, 32)), measured(0.9995, range(1, 32), "other"))
    rows = objectives(facts.snapshot, Scope(), MAY).to_pylist()
    assert [(row["source"], row["days_known"]) for row in rows] == [("other", 31), ("test", 31)]
    assert [row["budget_left"] for row in rows] == [pytest.approx(0.5), 1.0]
    days = budget(facts.snapshot, MAY, "web", "production", "availability", "other").to_pylist()
    assert [one["good_share"] for one in days] == [pytest.approx(0.9995)] * 31


def test_a_budget_of_long_ago_is_not_that_of_the_end(story: Story) -> None:
    (row,) = listed(story, measured(1.0, range(1, 31)), window=Window(MAY.start, date(2026, 9, 1)))
    assert (row["budget_left"], row["burn_rate_3d"], row["is_stale"]) == (None, None, True)
    assert left(row) == "not measured since 30 May 2026"


@pytest.mark.parametrize(("last", "is_told"), [(31, True), (29, True), (28, False)])
def test_a_budget_is_told_if_any_of_the_last_three_days_was_measured(
    story: Story, last: int, is_told: bool
) -> None:
    (row,) = listed(story, measured(1.0, range(1, last + 1)))
    assert (row["budget_left"] == 1.0) is is_told
    assert row["is_stale"] is not is_told


def test_what_is_still_to_come_makes_no_budget_old(story: Story) -> None:
    october = [day(f"2026-10-{number:02}", 1.0) for number in range(1, 32)]
    year = Window(date(2026, 1, 1), date(2027, 1, 1))
    (row,) = listed(story, october, window=year)
    assert (row["budget_left"], row["last_day"]) == (1.0, date(2026, 10, 31))
