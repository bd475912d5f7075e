"""Bills that tell one amount alone: two views of the same charges are paired, and never added."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.data.costs.bill.bills import line
from tests.data.costs.bill.native.exports import AZURE, allocation
from tests.data.costs.test_building import delivered, told, workspace

RESERVED = {"ReservationId": "r-1", "PricingModel": "Reservation"}
ACTUAL = [
    AZURE,
    AZURE | RESERVED | {"ChargeType": "Purchase", "CostInBillingCurrency": "30"},
    AZURE | RESERVED | {"CostInBillingCurrency": "0"},
]
AMORTISED = [
    AZURE,
    AZURE | RESERVED | {"CostInBillingCurrency": "0.75"},
    AZURE | RESERVED | {"ChargeType": "UnusedReservation", "CostInBillingCurrency": "0.25"},
]
SUMS = "select sum(billed_cost), sum(effective_cost) from charge_day"
STATES = """
    select state from cost_check
    where id in ('billed_adds_up', 'effective_adds_up', 'counted_once', 'both_amounts_told')
    order by id
"""


def test_actual_and_amortised_are_two_views_of_one_bill(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "actual.csv", *ACTUAL)
    delivered(tmp_path, "amortised.csv", *AMORTISED, at=9)
    assert told(found, SUMS) == [(Decimal("31.25"), Decimal("2.25"))]
    views = "select view, billed_cost, effective_cost from bill_in_effect order by view"
    assert told(found, views) == [
        ("billed", Decimal("31.25"), None),
        ("effective", None, Decimal("2.25")),
    ]
    assert told(found, STATES) == [("holds",)] * 4


@pytest.mark.parametrize(
    ("rows", "sums"),
    [(ACTUAL, (Decimal("31.25"), None)), (AMORTISED, (None, Decimal("2.25")))],
)
def test_of_one_view_alone_the_other_amount_is_unknown(
    tmp_path: Path, rows: list[dict[str, str]], sums: tuple[Decimal | None, Decimal | None]
) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "bill.csv", *rows)
    assert told(found, SUMS) == [sums]
    ask = "select account, note from cost_check_row where state = 'unknown' and \"check\" = '{}'"
    lacking = "effective" if sums[1] is None else "billed"
    assert told(found, ask.format("both_amounts_told")) == [
        ("7000001", f"no bill here tells {lacking} cost")
    ]


def test_of_a_resource_the_largest_charge_is_shown_whichever_amount_is_told(
    tmp_path: Path,
) -> None:
    found = workspace(tmp_path)
    costs = ("0.75", "9", "-1", "2")
    rows = [AZURE | RESERVED | {"CostInBillingCurrency": cost, "Tags": ""} for cost in costs]
    unused = AZURE | RESERVED | {"ChargeType": "UnusedReservation", "ResourceId": "", "Tags": ""}
    delivered(tmp_path, "amortised.csv", *rows, unused)
    ask = "select bill_row, rows, effective_cost from charge_resource where resource is not null"
    assert told(found, ask) == [(2, 4, Decimal("10.75"))]


def test_a_newer_file_replaces_its_own_view_alone(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "actual.csv", *ACTUAL)
    delivered(tmp_path, "amortised.csv", *AMORTISED, at=9)
    delivered(tmp_path, "actual-again.csv", *ACTUAL, ACTUAL[0], at=20)
    assert told(found, SUMS) == [(Decimal("32.5"), Decimal("2.25"))]


def test_views_in_one_folder_are_paired_all_the_same(tmp_path: Path) -> None:
    found = workspace(tmp_path, unit="folder")
    delivered(tmp_path, "1/actual.csv", *ACTUAL)
    delivered(tmp_path, "1/amortised.csv", *AMORTISED)
    assert told(found, SUMS) == [(Decimal("31.25"), Decimal("2.25"))]


def test_a_bill_with_both_amounts_holds_instead_of_older_views(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "actual.csv", *ACTUAL)
    delivered(tmp_path, "amortised.csv", *AMORTISED, at=5)
    whole = line(BillingAccountId="7000001", BilledCost="40", EffectiveCost="4")
    delivered(tmp_path, "focus.csv", whole, at=9)
    assert told(found, SUMS) == [(Decimal(40), Decimal(4))]
    delivered(tmp_path, "amortised-again.csv", *AMORTISED, at=20)
    assert told(found, SUMS) == [(Decimal(40), Decimal("2.25"))], "each from the last that tells it"


def test_opencost_is_a_source_of_effective_cost(tmp_path: Path) -> None:
    found = workspace(tmp_path, currency="EUR")
    told_of = {"a": allocation("a", 0.5), "__idle__": allocation("__idle__", 0.25)}
    path = tmp_path / "bills" / "allocation.json"
    path.write_text(json.dumps({"data": [told_of]}), encoding="utf-8")
    assert told(found, SUMS) == [(None, Decimal("0.75"))]
    assert told(found, "select distinct version, account from bill_in_effect") == [
        ("opencost", "quay")
    ]
