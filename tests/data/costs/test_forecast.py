"""What a month comes to: complete days are added up, the others are forecast and tested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.chosen import Trial, Way
from data.costs.daily import Daily, Day, daily
from data.costs.forecast import MonthEnd, NoForecast, month_end
from data.costs.part import Part
from tests.data.costs.paid import each_day, paid

MAY = date(2026, 5, 1)


def weekly(day: date) -> float:
    """Work days cost 10, days of a weekend 4."""
    return 4 if day.weekday() >= 5 else 10


def told(first: date, end: date, cost: object = weekly, months: int = 0) -> Daily:
    """Days that are complete until one, and unknown for some after it."""
    amount = cost if callable(cost) else lambda _: cost
    known = [Day(first + timedelta(days=n), Decimal(str(amount(first + timedelta(days=n)))), False)
             for n in range((end - first).days)]  # fmt: skip
    open_ = [Day(end + timedelta(days=n), None, False) for n in range(months)]
    return Daily((*known, *open_), "EUR", None)


def test_a_month_that_repeats_its_weeks_is_known_in_advance() -> None:
    found = month_end(told(date(2026, 1, 1), date(2026, 5, 11), months=3), MAY)
    assert isinstance(found, MonthEnd)
    assert found.spent == sum(weekly(MAY + timedelta(days=n)) for n in range(10))
    whole = sum(weekly(MAY + timedelta(days=n)) for n in range(31))
    assert (found.total, found.low, found.high) == (whole, whole, whole)
    assert (found.error, found.origins >= 12) == (0, True)
    assert found.complete_until == date(2026, 5, 11)


def test_a_steady_change_is_carried_on_where_that_erred_less() -> None:
    first = date(2025, 12, 1)
    found = month_end(told(first, date(2026, 5, 11), lambda day: (day - first).days), MAY)
    assert isinstance(found, MonthEnd)
    assert "change from week to week" in found.method
    assert found.total == sum((MAY - first).days + n for n in range(31))


def test_a_fee_of_each_month_is_expected_again() -> None:
    fee = lambda day: weekly(day) + 200 * (day.day == 15)  # noqa: E731 - as `told` takes it
    found = month_end(told(date(2025, 9, 1), date(2026, 5, 11), fee), MAY)
    assert isinstance(found, MonthEnd)
    assert "same day of each month" in found.method
    assert found.total == 200 + sum(weekly(MAY + timedelta(days=n)) for n in range(31))
    assert found.error == 0


def test_what_came_once_is_no_fee() -> None:
    once = lambda day: weekly(day) + 200 * (day == date(2026, 4, 15))  # noqa: E731 - likewise
    found = month_end(told(date(2025, 9, 1), date(2026, 5, 11), once), MAY)
    assert isinstance(found, MonthEnd)
    assert found.total == sum(weekly(MAY + timedelta(days=n)) for n in range(31))


def test_the_error_is_that_of_sums_of_as_many_days() -> None:
    odd = lambda day: 10 + 5 * (day.toordinal() % 3)  # noqa: E731 - as `told` takes it
    found = month_end(told(date(2026, 1, 1), date(2026, 5, 30), odd), MAY)
    assert isinstance(found, MonthEnd)
    assert found.error is not None
    assert found.error_share is not None
    assert 0 < found.error_share < 0.5
    assert found.low <= found.total <= found.high
    assert found.low < found.high


def test_the_error_is_of_days_that_the_choice_of_the_method_did_not_see() -> None:
    """For months it rose by 1 a day; on the days of the test it stands still."""
    first, still = date(2025, 12, 1), date(2026, 4, 15)
    cost = lambda day: min((day - first).days, (still - first).days)  # noqa: E731 - as `told` takes it
    found = month_end(told(first, date(2026, 5, 21), cost), MAY)
    assert isinstance(found, MonthEnd)
    assert "change from week to week" in found.method, "which erred least until then"
    assert found.chosen_from >= 12
    assert found.error is not None
    assert found.error > 0, "and erred when it rose no more"


def test_no_day_of_the_test_was_seen_by_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Way, tuple[int, ...]]] = []
    honest = Trial.of.__func__  # type: ignore[attr-defined]

    def spied(cls: type, series: object, days: object, way: Way, ends: Sequence[int]) -> Trial:
        asked.append((way, tuple(ends)))
        tested: Trial = honest(cls, series, days, way, ends)
        return tested

    monkeypatch.setattr(Trial, "of", classmethod(spied))
    ahead = 20
    found = month_end(told(date(2025, 12, 1), date(2026, 5, 12)), MAY)
    assert isinstance(found, MonthEnd)
    *choosing, (_, held) = asked
    assert len(choosing) == 4
    assert max(max(ends) for _, ends in choosing) + ahead <= min(held)
    assert found.origins == len(held)
    assert 12 <= found.chosen_from <= len(choosing[0][1])


def test_with_too_few_days_to_choose_the_simplest_is_made_and_tested() -> None:
    first = date(2026, 3, 15)
    found = month_end(told(first, date(2026, 5, 21), lambda day: (day - first).days), MAY)
    assert isinstance(found, MonthEnd)
    assert (found.chosen_from, found.origins >= 12) == (0, True)
    assert "change" not in found.method
    assert found.error is not None
    assert found.error > 0, "it rises, and the median lags behind"


def test_credits_may_leave_less_than_nothing() -> None:
    found = month_end(told(date(2026, 1, 1), date(2026, 5, 11), -3), MAY)
    assert isinstance(found, MonthEnd)
    assert found.total == -93


def test_too_few_days_are_no_forecast_and_say_so() -> None:
    found = month_end(told(date(2026, 4, 1), date(2026, 5, 11)), MAY)
    assert isinstance(found, NoForecast)
    assert "40 are known" in found.why
    assert found.spent is not None


def test_a_month_with_a_day_that_no_bill_holds_has_no_sum() -> None:
    whole = told(date(2026, 1, 1), date(2026, 5, 11))
    cut = [Day(d.day, None, False) if d.day == date(2026, 5, 4) else d for d in whole.days]
    found = month_end(Daily(tuple(cut), "EUR", None), MAY)
    assert isinstance(found, NoForecast)
    assert "no bill holds 2026-05-04" in found.why


def test_a_day_that_a_bill_holds_and_does_not_tell_is_named_as_that() -> None:
    whole = told(date(2026, 1, 1), date(2026, 5, 11))
    days = [Day(d.day, None, False, True) if d.day == date(2026, 5, 4) else d for d in whole.days]
    found = month_end(Daily(tuple(days), "EUR", None), MAY)
    assert isinstance(found, NoForecast)
    assert found.why == "a bill does not tell the effective cost of 2026-05-04 (1 such)"


def test_a_month_before_all_bills_is_unknown_and_not_free() -> None:
    found = month_end(told(date(2026, 5, 4), date(2026, 6, 11)), MAY)
    assert isinstance(found, NoForecast)
    assert "bills begin on 2026-05-04" in found.why
    earlier = month_end(told(date(2026, 5, 4), date(2026, 6, 11)), date(2026, 3, 1))
    assert isinstance(earlier, NoForecast)
    assert earlier.spent is None


def test_a_month_that_is_over_is_the_sum_of_its_days() -> None:
    found = month_end(told(date(2026, 1, 1), date(2026, 6, 11)), MAY)
    assert isinstance(found, MonthEnd)
    assert (found.rest, found.error, found.origins) == (0, None, 0)
    assert found.total == sum(weekly(MAY + timedelta(days=n)) for n in range(31))


def test_a_next_month_is_forecast_as_a_whole() -> None:
    found = month_end(told(date(2026, 1, 1), date(2026, 4, 29)), MAY)
    assert isinstance(found, MonthEnd)
    assert (found.spent, found.total) == (
        None,
        sum(weekly(MAY + timedelta(days=n)) for n in range(31)),
    )


def test_what_is_too_far_ahead_is_not_forecast() -> None:
    found = month_end(told(date(2025, 1, 1), date(2026, 2, 20)), MAY)
    assert isinstance(found, NoForecast)


@pytest.mark.parametrize(
    ("part", "cost"), [(Part(), 15), (Part(team="pay"), 10), (Part(service="Desks"), 5)]
)
def test_days_are_those_of_a_part_and_unfinished_ones_are_unknown(
    tmp_path: Path, part: Part, cost: int
) -> None:
    first, end = date(2026, 4, 1), date(2026, 5, 8)
    costs = [*each_day(first, end, lambda _: 10, "pay"),
             *each_day(first, end, lambda _: 5, "web", "Desks")]  # fmt: skip
    with paid(tmp_path, costs, known=date(2026, 5, 7)) as snapshot:
        found = daily(snapshot, part)
    assert (found.currency, found.complete_until) == ("EUR", date(2026, 5, 7))
    assert {one.cost for one in found.days} == {Decimal(cost)}
    assert [one.is_final for one in found.within(date(2026, 4, 30), date(2026, 5, 2))] == [
        True, False,
    ]  # fmt: skip


def test_a_day_of_which_a_charge_is_not_told_is_unknown_and_not_free(tmp_path: Path) -> None:
    first, end = date(2026, 4, 1), date(2026, 5, 8)
    costs = each_day(first, end, lambda _: 10, "pay")
    costs[9] = (costs[9][0], None, *costs[9][2:])
    with paid(tmp_path, costs, known=date(2026, 5, 7)) as snapshot:
        found = daily(snapshot)
    assert 0 not in {one.cost for one in found.days}
    assert found.why is not None or found.days[9].cost is None
