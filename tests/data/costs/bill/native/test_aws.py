"""The report of AWS: what is paid, what use costs, and what a commitment leaves unused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.costs.bill.examining import examine
from data.costs.bill.native.mapping import View
from tests.data.costs.bill.bills import bill
from tests.data.costs.bill.native.exports import AWS, changed, snake
from tests.data.costs.bill.native.taken import FORM, lines, sums


def aws_rows() -> list[dict[str, str]]:
    return [
        AWS,
        changed(AWS, LineItemType="DiscountedUsage", UnblendedCost="0", ReservationARN="ri",
                **{"reservation/EffectiveCost": "0.2"}),
        changed(AWS, LineItemType="RIFee", UnblendedCost="7", ReservationARN="ri",
                UnusedRecurringFee="1.5", UnusedAmortizedUpfrontFeeForBillingPeriod="0.25"),
        changed(AWS, LineItemType="SavingsPlanCoveredUsage", UnblendedCost="3",
                SavingsPlanARN="sp", SavingsPlanEffectiveCost="1.75"),
        changed(AWS, LineItemType="SavingsPlanNegation", UnblendedCost="-3", SavingsPlanARN="sp"),
        changed(AWS, LineItemType="SavingsPlanRecurringFee", UnblendedCost="2",
                SavingsPlanARN="sp", TotalCommitmentToDate="2", UsedCommitment="1.75"),
        changed(AWS, LineItemType="Tax", UnblendedCost="1.1"),
        changed(AWS, LineItemType="Credit", UnblendedCost="-4"),
    ]  # fmt: skip


@pytest.mark.parametrize("spelling", [dict, snake])
def test_the_aws_report_tells_what_is_paid_and_what_use_costs(
    tmp_path: Path, spelling: Any
) -> None:
    found = examine(bill(tmp_path, *map(spelling, aws_rows())), FORM)
    assert (found.version, found.view, found.refused) == ("aws_cur", View.WHOLE, ())
    assert sums(found)["BilledCost"] == Decimal("0.5") + 7 + 2 + Decimal("1.1") - 4
    used = ("0.5", "0.2", "1.75", "1.75", "0.25", "1.1", "-4")
    assert sums(found)["EffectiveCost"] == sum(map(Decimal, used))
    assert not found.told


def test_what_a_commitment_leaves_unused_is_a_charge_of_its_own(tmp_path: Path) -> None:
    path = bill(tmp_path, *aws_rows())
    columns = "bill_row, ChargeCategory, CommitmentDiscountStatus, BilledCost, EffectiveCost"
    found = lines(tmp_path, path, columns)
    assert [row for row in found if row[0] == 3] == [
        (3, "Purchase", None, 7, 0),
        (3, "Usage", "Unused", 0, Decimal("1.75")),
    ]
    assert [row[0] for row in found] == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8]


def test_tags_of_aws_are_columns_or_a_map(tmp_path: Path) -> None:
    path = bill(tmp_path, AWS, changed(AWS, **{"user:team": 'a "b"', "aws:createdBy": "me"}))
    assert [json.loads(tags) for (tags,) in lines(tmp_path, path, "Tags")] == [
        {"team": "pay"},
        {"team": 'a "b"', "aws:createdBy": "me"},
    ]
    newer = {name: value for name, value in snake(AWS).items() if "tags" not in name}
    newer["resource_tags"] = '{"user_team": "pay", "user_note": "user_1"}'
    (tags,) = lines(tmp_path, bill(tmp_path, newer), "Tags")
    assert json.loads(tags[0]) == {"team": "pay", "note": "user_1"}


def test_savings_plans_that_do_not_take_back_what_they_cover_are_told(tmp_path: Path) -> None:
    rows = [row for row in aws_rows() if row["lineItem/LineItemType"] != "SavingsPlanNegation"]
    found = examine(bill(tmp_path, *rows), FORM)
    assert [one.rule for one in found.told] == ["aws-negation"]


def test_more_decimals_than_are_kept_are_told_of_the_column_of_the_export(tmp_path: Path) -> None:
    row = changed(AWS, UnblendedCost="0.12345678901234")
    found = examine(bill(tmp_path, row), FORM)
    assert [(one.rule, one.column) for one in found.told] == [
        ("twelve-decimals", "lineItem/UnblendedCost")
    ]


def test_the_columns_of_the_export_itself_are_kept_as_they_are_written(tmp_path: Path) -> None:
    path = bill(tmp_path, AWS)
    assert lines(tmp_path, path, '"x_lineItem/BlendedCost"') == [("0.4",)]
