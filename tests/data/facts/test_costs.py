"""What bills come to a day: for the same days they add up, and each month has its part."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from data.decisions.baseline import Baseline, Baselines
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.evidence import add_up
from data.metrics.scope import By, Scope
from data.model import ImportedValue
from data.period import Window
from tests.data.facts.story import Story
from tests.data.published import at

COST = definition("infrastructure_cost")
MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
JUNE = Window(date(2026, 6, 1), date(2026, 7, 1))
AUGUST = Window(date(2026, 8, 1), date(2026, 9, 1))


def bill(value: float, from_at: str, until_at: str, about: str, unit: str = "EUR") -> ImportedValue:
    return ImportedValue(
        id=f"test:{about}/{from_at}",
        source="test",
        measure="infrastructure_cost",
        team=None,
        about=about,
        value=float(value),
        unit=unit,
        from_at=at(from_at),
        until_at=at(until_at),
    )


def test_two_bills_for_the_same_month_add_up(story: Story) -> None:
    facts = story(
        bill(3100, "2026-05-01", "2026-06-01", "web"), bill(3100, "2026-05-01", "2026-06-01", "db")
    )
    (whole,) = evaluate(facts.snapshot, COST, Scope(), MAY).figures
    assert whole.value == pytest.approx(200)
    assert add_up(facts.snapshot, COST, Scope(), MAY).measure == pytest.approx(200)
    parts = evaluate(facts.snapshot, COST, Scope(), MAY, by=[By.MEASURE]).figures
    assert {part.item: part.value for part in parts} == {
        "infrastructure_cost: db": pytest.approx(100),
        "infrastructure_cost: web": pytest.approx(100),
    }


def test_what_costs_more_is_no_reduction_though_it_comes_in_more_bills(story: Story) -> None:
    facts = story(
        bill(3100, "2026-05-01", "2026-06-01", "web"),
        bill(3100, "2026-08-01", "2026-09-01", "web"),
        bill(310, "2026-08-01", "2026-09-01", "db"),
    )
    decided = Baseline("of all", COST.id, None, MAY.start, MAY.end, "why", "who", datetime.now(UTC))
    less = definition("infrastructure_cost_reduction")
    answer = evaluate(facts.snapshot, less, Scope(), AUGUST, decided=Baselines((decided,)))
    assert answer.figures[0].value == pytest.approx(-0.1)


def test_a_bill_over_two_months_gives_each_its_days_and_no_bill_is_no_cost(story: Story) -> None:
    facts = story(bill(310, "2026-05-27", "2026-06-06 12:00", "web"))
    told = facts.snapshot.rows("select day, amount from cost_day order by day")
    assert sum(row["amount"] for row in told) == pytest.approx(310)
    assert told[-1] == {"day": date(2026, 6, 6), "amount": pytest.approx(310 / 10.5 / 2)}
    (may,) = evaluate(facts.snapshot, COST, Scope(), MAY).figures
    assert (may.n, may.value) == (5, pytest.approx(310 / 10.5))
    assert evaluate(facts.snapshot, COST, Scope(), JUNE).figures[0].n == 6


def test_bills_in_two_currencies_are_unknown(story: Story) -> None:
    facts = story(
        bill(310, "2026-05-01", "2026-06-01", "web"),
        bill(310, "2026-05-01", "2026-06-01", "db", unit="USD"),
    )
    (whole,) = evaluate(facts.snapshot, COST, Scope(), MAY).figures
    assert (whole.value, whole.unknown) == (None, 62)
