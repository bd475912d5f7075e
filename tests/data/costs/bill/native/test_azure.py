"""Exports of Azure, of which each tells one amount."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.costs.bill.examining import examine
from data.costs.bill.form import Form
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import bill
from tests.data.costs.bill.native.exports import AZURE, RESERVED
from tests.data.costs.bill.native.taken import FORM, lines, sums

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


def mca(row: dict[str, str]) -> dict[str, str]:
    """The spelling of the other agreement."""
    named = {name[0].lower() + name[1:]: value for name, value in row.items()}
    named["billingCurrency"] = named.pop("billingCurrencyCode")
    return {**named, "billingProfileId": "profile-1", "tags": '{"team": "pay"}'}


@pytest.mark.parametrize("spelling", [dict, mca])
@pytest.mark.parametrize(
    ("rows", "version", "amount", "lacks"),
    [
        (ACTUAL, "azure_actual", {"BilledCost": Decimal("31.25")}, "EffectiveCost"),
        (AMORTISED, "azure_amortised", {"EffectiveCost": Decimal("2.25"), "ListCost": None},
         "BilledCost"),
    ],
)  # fmt: skip
def test_azure_tells_one_amount_and_the_other_is_unknown(
    tmp_path: Path,
    rows: list[dict[str, str]],
    version: str,
    amount: dict[str, Decimal],
    lacks: str,
    spelling: Any,
) -> None:
    found = examine(bill(tmp_path, *map(spelling, rows)), FORM)
    assert (found.version, found.refused) == (version, ())
    assert sums(found) == amount
    assert lacks in found.missing
    (part,) = found.parts
    assert (part.billed_cost is None) == (lacks == "BilledCost")
    assert part.from_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert part.until_at.isoformat() == "2026-02-01T00:00:00+00:00"


def test_tags_of_azure_come_with_braces_or_without(tmp_path: Path) -> None:
    path = bill(tmp_path, *ACTUAL)
    assert {tags for (tags,) in lines(tmp_path, path, "Tags")} == {'{"team": "pay","env": "prod"}'}


def test_a_view_that_no_row_tells_is_told_by_the_path_or_must_be_said(tmp_path: Path) -> None:
    path = bill(tmp_path, AZURE)
    with pytest.raises(BillRefused, match="may be Azure actual cost or Azure amortised cost"):
        examine(path, FORM)
    assert examine(path, Form(export="azure_amortised")).version == "azure_amortised"
    (tmp_path / "ActualCost" / "20260101-20260131").mkdir(parents=True)
    named = path.rename(tmp_path / "ActualCost" / "20260101-20260131" / "part_0.csv")
    assert examine(named, FORM).version == "azure_actual"


def test_what_was_said_and_is_not_so_is_refused(tmp_path: Path) -> None:
    path = bill(tmp_path, *AMORTISED)
    with pytest.raises(BillRefused, match="is Azure amortised cost by its rows"):
        examine(path, Form(export="azure_actual"))
    with pytest.raises(BillRefused, match="has no column bill/PayerAccountId"):
        examine(path, Form(export="aws_cur"))
