"""Exports that tell one amount each: billed cost of one alone is unknown, and of both is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.bill.examining import examine
from data.costs.bill.form import form
from data.costs.export.focus import export
from data.costs.statement.refusal import StatementBlocked
from tests.data.costs.bill.native.exports import AZURE
from tests.data.costs.statement.months import deliver, synced, teams, told, workspace

JANUARY = date(2026, 1, 1)
RESERVED = AZURE | {"ReservationId": "r-1", "PricingModel": "Reservation"}
ACTUAL = AZURE, RESERVED | {"ChargeType": "Purchase", "CostInBillingCurrency": "30"}
AMORTISED = AZURE, RESERVED | {"ChargeType": "UnusedReservation", "CostInBillingCurrency": "0.25"}


def test_what_is_billed_is_unknown_until_a_bill_tells_it(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "amortised.csv", *AMORTISED)
    with pytest.raises(StatementBlocked, match="billed cost is not known of 2026-01 7000001 EUR"):
        told(found, JANUARY)
    deliver(found, "actual.csv", *ACTUAL)
    statement = told(found, JANUARY)
    assert sum(teams(statement).values()) == Decimal("31.25")
    assert [(one.billed, one.out) for one in statement.reconciled] == [(Decimal("31.25"),) * 2]
    assert [one.file for one in statement.bills] == ["bills/actual.csv"]
    with synced(found) as snapshot:
        export(snapshot, found.bills, tmp_path / "out.csv")
    again = {one.amount: one.sum for one in examine(tmp_path / "out.csv", form("focus")).totals}
    assert (again["BilledCost"], again["EffectiveCost"]) == (Decimal("31.25"), Decimal("1.5"))
