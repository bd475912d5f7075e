"""From the bills to the one sum: each step adds up to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.components.cost.bridge import steps
from data.costs.allocation.bucket import Bucket
from data.costs.views.reconciled import Sum
from data.costs.views.told import Paid


def held(currency: str, amount: str, excluded: str = "0") -> Sum:
    """What bills hold in a currency, and what of it is excluded."""
    whole, left = Decimal(amount), Decimal(excluded)
    buckets = {bucket: Decimal(0) for bucket in Bucket}
    buckets |= {Bucket.DIRECT: whole - left, Bucket.EXCLUDED: left}
    return Sum(currency, 1, whole, buckets, whole)


def ours(currency: str, amount: str, rate: str, reported: str | None) -> Paid:
    """What of it is ours, in euros."""
    told = None if reported is None else Decimal(reported)
    return Paid(currency, "EUR", Decimal(amount), told, Decimal(rate), Decimal(rate))


EUROS = ours("EUR", "117", "1", "117")
DOLLARS = ours("USD", "40.005", "0.9", "36.0045")


def test_the_way_from_the_bills_to_the_sum_adds_up() -> None:
    rows = steps("EUR", [held("EUR", "120", "3"), held("USD", "40.005")], [EUROS, DOLLARS])
    assert [tuple(row.values()) for row in rows] == [
        ("Bills hold", "120.00", "40.00", ""),
        ("Not our cost", "−3.00", "0.00", ""),
        ("Our cost", "117.00", "40.00", ""),
        ("Rate", "", "× 0.9", ""),
        ("In EUR", "117.00", "36.00", "153.00"),
    ]
    assert list(rows[0]) == ["Step", "EUR", "USD", "All"]


def test_a_sum_that_is_the_bill_needs_no_steps() -> None:
    assert steps("EUR", [held("EUR", "117")], [EUROS]) == []


def test_what_is_left_out_is_a_step_also_in_one_currency() -> None:
    rows = steps("EUR", [held("EUR", "120", "3")], [EUROS])
    assert [row["Step"] for row in rows] == ["Bills hold", "Not our cost", "Our cost"]


def test_without_a_rate_there_are_no_steps_to_a_sum_that_is_not_known() -> None:
    found = [EUROS, ours("USD", "40.005", "0.9", None)]
    assert steps("EUR", [held("EUR", "120", "3"), held("USD", "40.005")], found) == []


def test_a_rate_that_changed_is_told_from_its_least_to_its_most() -> None:
    changed = replace(DOLLARS, least_rate=Decimal("0.88"))
    rows = steps("EUR", [held("EUR", "117"), held("USD", "40.005")], [EUROS, changed])
    assert next(row for row in rows if row["Step"] == "Rate")["USD"] == "× 0.88–0.9"
