"""What FOCUS asks of rows: those that make money wrong are not taken, the others are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.costs.bill.column import known
from data.costs.bill.examining import examine
from data.costs.bill.form import Form
from data.costs.bill.rule import rules, telling
from tests.data.costs.bill.bills import bill, line

FULL = {
    "CommitmentDiscountId": "c",
    "CommitmentDiscountCategory": "Spend",
    "CommitmentDiscountStatus": "Used",
    "CommitmentDiscountType": "plan",
    "CommitmentDiscountName": "",
    "ConsumedQuantity": "24",
    "ConsumedUnit": "Hours",
    "ContractedUnitPrice": "",
    "ListUnitPrice": "",
    "ChargeFrequency": "Usage-Based",
    "PricingCategory": "Committed",
    "RegionId": "r",
    "RegionName": "R",
    "ResourceId": "i",
    "ResourceName": "",
    "ResourceType": "machine",
    "SkuId": "s",
    "SkuPriceId": "p",
    "SubAccountId": "a",
    "SubAccountName": "A",
}
"""Of FOCUS 1.0, nearly all that a row may have."""
NEWER = {
    **FULL,
    "CapacityReservationId": "",
    "CapacityReservationStatus": "",
    "CommitmentDiscountQuantity": "1",
    "CommitmentDiscountUnit": "Hours",
    "BillingAccountType": "b",
    "SubAccountType": "s",
    "InvoiceId": "i",
}
"""Of FOCUS 1.2."""
PRICED = {"ListUnitPrice": "0.083333333333", "ContractedUnitPrice": "0.0625"}


def told(folder: Path, *rows: dict[str, str]) -> set[str]:
    found = examine(bill(folder, *rows), Form())
    assert not found.refused
    return {one.rule for one in found.told}


def test_a_row_as_it_should_be_is_told_nothing_of(tmp_path: Path) -> None:
    assert told(tmp_path, line(**FULL) | PRICED) == set()
    assert told(tmp_path, line(**NEWER) | PRICED) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"ChargeClass": "Refund"}, "ChargeClass-unknown"),
        ({"ServiceCategory": "Computing"}, "ServiceCategory-unknown"),
        ({"ChargeFrequency": "Monthly"}, "ChargeFrequency-unknown"),
        ({"ChargeFrequency": ""}, "ChargeFrequency-missing"),
        ({"ContractedCost": ""}, "ContractedCost-missing"),
        ({"InvoiceIssuerName": ""}, "InvoiceIssuerName-missing"),
        ({"ListUnitPrice": "-1", "ListCost": "-24"}, "ListUnitPrice-negative"),
        ({"ListUnitPrice": ""}, "ListUnitPrice-absent"),
        ({"ListCost": "2.001"}, "list-cost-identity"),
        ({"ContractedCost": "2"}, "contracted-cost-identity"),
        ({"CommitmentDiscountId": ""}, "CommitmentDiscountStatus-misplaced"),
        ({"CommitmentDiscountType": ""}, "CommitmentDiscountType-wanting"),
        ({"CommitmentDiscountStatus": ""}, "commitment-status-missing"),
        ({"CommitmentDiscountStatus": "Half"}, "CommitmentDiscountStatus-unknown"),
        ({"PricingCategory": "Standard"}, "commitment-pricing"),
        ({"PricingCategory": ""}, "PricingCategory-absent"),
        ({"PricingQuantity": "", "ListUnitPrice": ""}, "PricingQuantity-absent"),
        ({"PricingUnit": ""}, "PricingUnit-wanting"),
        ({"ConsumedQuantity": "", "ConsumedUnit": ""}, "consumed-quantity-missing"),
        ({"ConsumedUnit": ""}, "ConsumedUnit-wanting"),
        ({"CommitmentDiscountStatus": "Unused"}, "consumed-quantity-of-unused"),
        ({"ResourceId": ""}, "ResourceType-misplaced"),
        ({"ResourceType": ""}, "ResourceType-wanting"),
        ({"RegionName": ""}, "RegionName-wanting"),
        ({"SubAccountId": ""}, "SubAccountType-misplaced"),
        ({"SkuId": ""}, "SkuId-absent"),
        ({"CapacityReservationId": "c"}, "reservation-status-missing"),
        ({"CommitmentDiscountUnit": ""}, "CommitmentDiscountUnit-wanting"),
        ({"ChargeCategory": "Tax"}, "PricingQuantity-unfit"),
        ({"ChargeCategory": "Purchase"}, "purchase-not-amortised"),
        ({"ChargeCategory": "Purchase"}, "purchase-by-usage"),
        ({"ChargeCategory": "Credit"}, "credit-amortised"),
        ({"ChargePeriodEnd": "2026-01-05T00:00:00Z"}, "charge-period-order"),
        ({"BillingPeriodStart": "2026-01-05T00:00:00Z"}, "billing-month"),
        ({"ChargePeriodStart": "2026-02-01T00:00:00Z", "ChargePeriodEnd": "2026-02-02T00:00:00Z"},
         "charge-after-billing-period"),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_by_its_rule(tmp_path: Path, change: dict[str, str], rule: str) -> None:
    assert rule in told(tmp_path, line(**NEWER) | PRICED | change)


@pytest.mark.parametrize(
    ("changes", "rule", "count"),
    [
        ([{}, {"ServiceCategory": "Storage"}, {"ServiceName": "Other"}], "service-categories", 2),
        ([{}, {"SkuId": "t"}], "sku-of-price", 2),
        ([{}, {"BillingCurrency": "USD"}], "invoice-currency", 2),
    ],
)
def test_what_must_be_the_same_in_several_rows_is_looked_at_together(
    tmp_path: Path, changes: list[dict[str, str]], rule: str, count: int
) -> None:
    rows = [line(**NEWER) | PRICED | change for change in changes]
    found = examine(bill(tmp_path, *rows), Form())
    assert [(one.rule, one.count, one.rows) for one in found.told] == [(rule, count, (1,))]


def test_a_correction_may_be_without_what_usage_has(tmp_path: Path) -> None:
    change = {"ChargeClass": "Correction", "PricingQuantity": "", "PricingUnit": "",
              "SkuId": "", "SkuPriceId": "", "PricingCategory": ""}  # fmt: skip
    assert told(tmp_path, line(**NEWER) | PRICED | change) == set()


def test_a_version_is_not_asked_for_what_a_later_one_brought(tmp_path: Path) -> None:
    row = line(**FULL) | PRICED | {"CommitmentDiscountStatus": "Unused", "RegionName": ""}
    assert told(tmp_path, row) == set()
    row = line(**NEWER) | PRICED | {"CommitmentDiscountStatus": "Unused", "RegionName": ""}
    assert told(tmp_path, row) == {"consumed-quantity-of-unused", "RegionName-wanting"}


def test_rules_ask_for_columns_that_there_are() -> None:
    every = telling(list(known().columns), "1.4")
    assert len(every) > 60
    for rule in (*every, *rules()):
        assert {*rule.needs, *rule.over, rule.column} <= set(known().columns), rule.id
    assert len({rule.id for rule in (*every, *rules())}) == len({*every, *rules()})
