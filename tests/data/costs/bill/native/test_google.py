"""The export of Google Cloud: credits are charges of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.costs.bill.examining import examine
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import bill
from tests.data.costs.bill.native.exports import GCP, changed
from tests.data.costs.bill.native.taken import FORM, lines, sums

CREDITS = (
    '[{"name": "promised", "amount": -0.5, "type": "DISCOUNT"}, {"name": "b", "amount": -1e-1}]'
)


def test_credits_of_google_are_charges_of_their_own(tmp_path: Path) -> None:
    path = bill(tmp_path, changed(GCP, credits=CREDITS), GCP)
    found = examine(path, FORM)
    assert (found.version, found.rows, found.taken) == ("gcp_billing", 4, 4)
    assert sums(found)["BilledCost"] == sums(found)["EffectiveCost"] == Decimal("4.4")
    told = lines(tmp_path, path, "bill_row, ChargeCategory, BilledCost, ChargeDescription, Tags")
    assert [row[:4] for row in told] == [
        (1, "Credit", Decimal("-0.5"), "promised"),
        (1, "Credit", Decimal("-0.1"), "b"),
        (1, "Usage", Decimal("2.5"), "hours of a small machine"),
        (2, "Usage", Decimal("2.5"), "hours of a small machine"),
    ]
    assert {row[4] for row in told} == {'{"team":"pay","project/unit":"quay"}'}


def test_google_as_nested_parquet_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    duckdb.sql(
        f"""
        copy (
            select
                'AAAAAA-BBBBBB-CCCCCC' as billing_account_id,
                {{'id': '1', 'description': 'Compute Engine'}} as service,
                {{'id': '2', 'description': 'hours'}} as sku,
                timestamptz '2026-01-05 00:00:00Z' as usage_start_time,
                timestamptz '2026-01-05 01:00:00Z' as usage_end_time,
                {{'id': 'ferries', 'labels': [{{'key': 'a', 'value': 'b'}}]}} as project,
                [{{'key': 'team', 'value': 'pay'}}] as labels,
                0.1::double as cost,
                'EUR' as currency,
                [{{'name': 'c', 'amount': -0.05::double}}] as credits,
                {{'month': '202601'}} as invoice,
                'regular' as cost_type
        ) to '{path}'
        """
    )
    found = examine(path, FORM)
    assert (found.version, found.taken, found.refused) == ("gcp_billing", 2, ())
    assert sums(found)["BilledCost"] == Decimal("0.05")
    told = lines(tmp_path, path, "distinct SubAccountId, Tags")
    assert told == [("ferries", '{"team":"pay","project/a":"b"}')]


def test_google_flattened_by_credit_would_count_costs_twice(tmp_path: Path) -> None:
    row = {**GCP, "credits.amount": "-1"}
    with pytest.raises(BillRefused, match=r"column `credits\.amount`, and cannot be counted so"):
        examine(bill(tmp_path, row), FORM)
