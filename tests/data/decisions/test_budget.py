"""Budgets: for whole months, one a team and service, the last decided holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.decisions.book import Book
from data.decisions.budget import BudgetRefused, Wanted, budgets, end_budget, set_budget
from data.decisions.decision import NothingDecided

BY = ("m.alder", "as agreed")
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def decide(folder: Path, amount: str, start: date, until: date | None = None, **of: str) -> None:
    wanted = Wanted(of.get("team"), of.get("service"), Decimal(amount), "EUR", start, until)
    set_budget(Book(folder), wanted, BY)


def amounts(folder: Path, month: date) -> list[tuple[str | None, str]]:
    return [(one.team, str(one.amount)) for one in budgets(Book(folder)).of(month)]


def test_a_budget_holds_from_its_month_until_before_another(tmp_path: Path) -> None:
    decide(tmp_path, "100", MAY, JULY, team="pay")
    held = {month: amounts(tmp_path, month) for month in (date(2026, 4, 1), MAY, JUNE, JULY)}
    assert held == {date(2026, 4, 1): [], MAY: [("pay", "100")], JUNE: [("pay", "100")], JULY: []}


def test_a_later_decision_holds_for_its_months_and_leaves_those_before(tmp_path: Path) -> None:
    decide(tmp_path, "100", MAY, team="pay")
    decide(tmp_path, "120.50", JUNE, team="pay")
    assert amounts(tmp_path, MAY) == [("pay", "100")]
    assert amounts(tmp_path, JULY) == [("pay", "120.50")]


def test_of_a_team_and_of_a_service_there_are_two(tmp_path: Path) -> None:
    decide(tmp_path, "1", MAY, team="pay")
    decide(tmp_path, "2", MAY, service="Machines")
    decide(tmp_path, "3", MAY)
    assert sorted(amount for _, amount in amounts(tmp_path, MAY)) == ["1", "2", "3"]


def test_a_budget_that_was_ended_holds_for_the_months_before(tmp_path: Path) -> None:
    decide(tmp_path, "100", MAY, team="pay")
    end_budget(Book(tmp_path), ("pay", None), JUNE, BY)
    assert (amounts(tmp_path, MAY), amounts(tmp_path, JULY)) == ([("pay", "100")], [])
    decide(tmp_path, "90", JULY, team="pay")
    assert (amounts(tmp_path, JUNE), amounts(tmp_path, JULY)) == ([], [("pay", "90")])


def test_what_is_not_there_cannot_be_ended(tmp_path: Path) -> None:
    decide(tmp_path, "100", JUNE, team="pay")
    with pytest.raises(NothingDecided, match="no budget of pay in 2026-05"):
        end_budget(Book(tmp_path), ("pay", None), MAY, BY)


@pytest.mark.parametrize(
    ("amount", "currency", "start", "until", "said"),
    [
        ("0", "EUR", MAY, None, "a budget of 0"),
        ("-5", "EUR", MAY, None, "a budget of -5"),
        ("NaN", "EUR", MAY, None, "a budget of NaN"),
        ("1.005", "EUR", MAY, None, "finer than a cent"),
        ("1", "euro", MAY, None, "no currency"),
        ("1", "EUR", date(2026, 5, 2), None, "not the first of a month"),
        ("1", "EUR", MAY, MAY, "ends before it begins"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, amount: str, currency: str, start: date, until: date | None, said: str
) -> None:
    wanted = Wanted(None, None, Decimal(amount), currency, start, until)
    with pytest.raises(BudgetRefused, match=said):
        set_budget(Book(tmp_path), wanted, BY)
    assert budgets(Book(tmp_path)).told == ()
