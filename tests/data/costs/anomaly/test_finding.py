"""What is unusual is found, whatever comes after it; trifles and short ones are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.anomaly.anomaly import Anomaly, Key, Kind
from data.costs.anomaly.finding import Found, Rule, find
from tests.data.costs.paid import Cost, each_day, paid

FIRST, END = date(2026, 1, 1), date(2026, 5, 11)
ODD = date(2026, 4, 20)
PAY = Key("pay", "Machines", "Cloud of Example")


def weekly(day: date) -> float:
    return 40 if day.weekday() >= 5 else 100


def from_day(day: date, more: float, days: int = 5) -> Callable[[date], float]:
    """As every week, but for some days."""
    return lambda at: weekly(at) + (more if day <= at < day + timedelta(days=days) else 0)


def found(folder: Path, costs: list[Cost], known: date = END, rule: Rule | None = None) -> Found:
    with paid(folder, costs, known=known) as snapshot:
        return find(snapshot, rule or Rule())


def machines(cost: Callable[[date], float], end: date = END) -> list[Cost]:
    return each_day(FIRST, end, cost)


def test_days_that_cost_more_are_one_anomaly_with_its_money(tmp_path: Path) -> None:
    told = found(tmp_path, machines(from_day(ODD, 80)))
    (one,) = told.anomalies
    assert (one.key, one.kind) == (PAY, Kind.UP)
    assert (one.first, one.last, one.days) == (ODD, date(2026, 4, 24), 5)
    assert (one.cost, one.expected, one.amount) == (900, 500, 400)
    assert one.noticed == date(2026, 4, 22)
    assert (told.judged, told.too_short, told.currency) == (1, 0, "EUR")


def test_a_weekend_is_not_unusual_for_being_cheap(tmp_path: Path) -> None:
    assert found(tmp_path, machines(weekly)).anomalies == ()


@pytest.mark.parametrize(
    ("more", "days", "rule"),
    [
        (49, 5, Rule()),
        (80, 1, Rule()),
        (80, 5, Rule(share=0.9)),
        (80, 5, Rule(days=6)),
    ],
    ids=["below the floor", "too short", "below the share", "below the length"],
)
def test_trifles_are_not_found(tmp_path: Path, more: float, days: int, rule: Rule) -> None:
    assert found(tmp_path, machines(from_day(ODD, more, days)), rule=rule).anomalies == ()


def test_the_id_stays_whatever_comes_after(tmp_path: Path) -> None:
    ids = []
    for name, end in (("soon", date(2026, 4, 23)), ("later", END)):
        folder = tmp_path / name
        folder.mkdir()
        (one,) = found(folder, machines(from_day(ODD, 80), end), known=end).anomalies
        ids.append(one.id)
    assert ids[0] == ids[1]


def test_what_costs_less_is_found_too(tmp_path: Path) -> None:
    (one,) = found(tmp_path, machines(from_day(ODD, -80))).anomalies
    assert (one.kind, one.amount) == (Kind.DOWN, -400)


def test_nothing_charged_is_less_but_no_bill_is_unknown(tmp_path: Path) -> None:
    gone = machines(weekly, date(2026, 5, 4))
    others = each_day(FIRST, END, weekly, "web", "Desks")
    (one,) = found(tmp_path, [*gone, *others]).anomalies
    assert (one.kind, one.first) == (Kind.DOWN, date(2026, 5, 4))
    folder = tmp_path / "unbilled"
    folder.mkdir()
    assert found(folder, gone, known=date(2026, 5, 4)).anomalies == ()


def test_changes_that_mask_each_other_are_both_found_and_say_so(tmp_path: Path) -> None:
    up = each_day(FIRST, END, from_day(ODD, 80), "pay", "Machines")
    down = each_day(FIRST, END, from_day(ODD, -75), "pay", "Desks")
    alone = each_day(FIRST, END, from_day(ODD, 75), "web", "Tables")
    by_service = {one.key.service: one for one in found(tmp_path, [*up, *down, *alone]).anomalies}
    machines_, desks = by_service["Machines"], by_service["Desks"]
    assert machines_.masked_by == (desks.id,)
    assert desks.masked_by == (machines_.id,)
    assert by_service["Tables"].masked_by == ()


def test_a_new_service_is_noticed(tmp_path: Path) -> None:
    fresh = each_day(ODD, END, lambda _: 60, "web", "Vision")
    (one,) = found(tmp_path, [*machines(weekly), *fresh]).anomalies
    assert (one.kind, one.key.service, one.first) == (Kind.NEW, "Vision", ODD)
    assert (one.cost, one.expected, one.noticed) == (21 * 60, 0, date(2026, 4, 22))


def test_nothing_is_new_when_bills_begin(tmp_path: Path) -> None:
    assert found(tmp_path, each_day(date(2026, 4, 1), END, weekly)).anomalies == ()


def test_without_bills_nobody_knows(tmp_path: Path) -> None:
    told = found(tmp_path, [])
    assert (told.anomalies, told.why) == ((), "there are no charges")


def test_masks_balance_by_the_day() -> None:
    one = Anomaly(PAY, Kind.UP, ODD, ODD, Decimal(9), Decimal(1), ODD)
    assert one.meets(ODD, ODD)
    assert not one.meets(ODD - timedelta(days=2), ODD - timedelta(days=1))
