"""The statement of an open month: all that the bills say, in cents, and why the sum is right."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.allocation.bucket import Bucket
from data.costs.statement.content import Kind, Statement, read
from data.costs.statement.refusal import NoStatement, StatementBlocked
from tests.data.costs.statement.months import (
    OCTOBER,
    SEPTEMBER,
    charge,
    deliver,
    teams,
    told,
    workspace,
)


def added(statement: Statement, currency: str = "EUR") -> Decimal:
    return sum((one.amount for one in statement.of(currency)), Decimal(0))


def test_each_team_has_its_own_and_its_part_and_nobody_the_rest(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    rows = [
        charge(SEPTEMBER, "10", "pay"),
        charge(SEPTEMBER, "4", "web"),
        charge(SEPTEMBER, "3", ServiceName="Support"),
        charge(SEPTEMBER, "2"),
        charge(SEPTEMBER, "5", SubAccountId="foreign"),
        charge(OCTOBER, "99", "pay"),
    ]
    deliver(found, "a.csv", *rows)
    statement = told(found, SEPTEMBER)
    assert teams(statement) == {
        "pay": Decimal("11.50"),
        "web": Decimal("5.50"),
        "unallocated": Decimal("2.00"),
        "excluded": Decimal("5.00"),
    }
    (sums,) = statement.reconciled
    assert (sums.invoice, sums.rows, sums.billed, sums.out) == ("I-202509", 5, 24, 24)
    assert sums.difference == 0
    assert sums.buckets == {
        Bucket.DIRECT: 14,
        Bucket.SHARED: 3,
        Bucket.IDLE: 0,
        Bucket.UNALLOCATED: 2,
        Bucket.UNALLOCATABLE: 0,
        Bucket.EXCLUDED: 5,
    }
    (file,) = statement.bills
    assert (file.file, file.rows, file.refused, file.billed) == ("bills/a.csv", 5, 0, 24)
    assert {one.state for one in statement.checks} <= {"holds", "not_applicable"}
    assert statement.rules == ("2025-1",)


def test_cents_add_up_and_the_remainder_is_told(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    rows = [charge(SEPTEMBER, "0.333333333333", team) for team in ("pay", "web")]
    deliver(found, "a.csv", *rows, charge(SEPTEMBER, "0.333333333333", ServiceName="Support"))
    statement = told(found, SEPTEMBER)
    assert added(statement) == Decimal("1.00")
    assert statement.remainder("EUR") == Decimal("-0.000000000001")
    assert teams(statement) == {"pay": Decimal("0.50"), "web": Decimal("0.50")}


def test_many_small_lines_move_no_team_by_a_cent(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    small = [charge(SEPTEMBER, "0.004", "pay", ServiceName=f"S{n}") for n in range(60)]
    large = [charge(SEPTEMBER, "0.006", "web", ServiceName=f"S{n}") for n in range(60)]
    deliver(found, "a.csv", *small, *large)
    assert teams(told(found, SEPTEMBER)) == {"pay": Decimal("0.24"), "web": Decimal("0.36")}


def test_currencies_are_never_added_and_have_their_own_cents(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "a.csv", charge(SEPTEMBER, "1.005", "pay"),
            charge(SEPTEMBER, "7.5", "pay", BillingCurrency="JPY"))  # fmt: skip
    statement = told(found, SEPTEMBER)
    assert statement.currencies == ("EUR", "JPY")
    assert (added(statement), added(statement, "JPY")) == (Decimal("1.00"), Decimal(8))
    assert statement.remainder("JPY") == Decimal("-0.5")


def test_a_correction_in_the_bill_is_told_with_its_month(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    late = {"ChargePeriodStart": "2025-08-05T00:00:00Z", "ChargePeriodEnd": "2025-08-06T00:00:00Z"}
    deliver(found, "a.csv", charge(SEPTEMBER, "10", "pay"),
            charge(SEPTEMBER, "-2", "pay", ChargeClass="Correction", **late))  # fmt: skip
    statement = told(found, SEPTEMBER)
    assert teams(statement) == {"pay": Decimal(10), "pay of 2025-08": Decimal(-2)}
    assert [one.kind for one in statement.lines] == [Kind.CHARGE, Kind.CORRECTION]


def test_its_rates_are_those_of_the_end_of_the_month(tmp_path: Path) -> None:
    found = workspace(tmp_path, cost='rates = "rates.csv"\ncurrency = "EUR"')
    (tmp_path / "rates.csv").write_text(
        "day,base,quote,rate,source\n2025-09-29,USD,EUR,0.9,Bank of Example\n", encoding="utf-8"
    )
    deliver(found, "a.csv", charge(SEPTEMBER, "1", "pay"),
            charge(SEPTEMBER, "1", "pay", BillingCurrency="USD"),
            charge(SEPTEMBER, "1", "pay", BillingCurrency="CHF"))  # fmt: skip
    rates = {one.base: (one.rate, one.source) for one in told(found, SEPTEMBER).rates}
    assert rates == {
        "CHF": (None, None),
        "EUR": (1, None),
        "USD": (Decimal("0.9"), "Bank of Example"),
    }


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "a.csv", charge(SEPTEMBER, "0.123456789012", "pay"), charge(SEPTEMBER, "2"))
    statement = told(found, SEPTEMBER)
    assert read(statement.written()) == statement


def test_a_month_without_bills_has_none(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "a.csv", charge(SEPTEMBER, "1", "pay"))
    with pytest.raises(NoStatement, match="there are no bills of 2025-10"):
        told(found, OCTOBER)


def test_a_broken_check_blocks_it_and_names_the_rows(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    settings = found.configuration.read_text(encoding="utf-8")
    again = '[[source]]\nkind = "bills"\nname = "twice"\npath = "bills"\ndelivery = "append"\n'
    found.configuration.write_text(settings + again, encoding="utf-8")
    deliver(found, "a.csv", charge(SEPTEMBER, "1", "pay"))
    with pytest.raises(StatementBlocked) as blocked:
        told(found, SEPTEMBER)
    assert "2025-09 account-1 I-202509 EUR told by bills, twice" in blocked.value.what
