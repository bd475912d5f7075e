"""What came in and where it went: exact, also where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from app.components.cost.csv_file import Extract, csv_of
from data.costs.allocation.bucket import Bucket
from data.costs.views.asked import Asked, Cost, answered, has_costs
from data.costs.views.reconciled import Check, State, against, checks, files, lines, sums
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.organisation import publish_into

MARCH = Asked(date(2026, 3, 1), "EUR")


@pytest.fixture
def snapshot(billed: Workspace) -> Iterator[Snapshot]:
    with closing(SnapshotReader(billed)) as reader, reader.reading() as opened:
        yield opened


def test_each_currency_adds_up_to_the_last_digit(snapshot: Snapshot) -> None:
    euros, dollars = sums(lines(snapshot, Asked()))
    assert (euros.currency, euros.amount, euros.rows) == ("EUR", Decimal(3000), 36)
    assert (dollars.currency, dollars.amount, dollars.rows) == ("USD", Decimal("40.005"), 1)
    assert euros.adds_up
    assert dollars.adds_up


@pytest.mark.parametrize("cost", Cost)
def test_where_a_month_went(snapshot: Snapshot, cost: Cost) -> None:
    (line,) = lines(snapshot, Asked(date(2026, 3, 1), "EUR", cost=cost))
    is_billed = cost is Cost.BILLED
    assert line.sum.amount == Decimal(1100)
    assert line.sum.buckets == {
        Bucket.DIRECT: Decimal("650.10") if is_billed else Decimal("625.10"),
        Bucket.SHARED: Decimal(210),
        Bucket.IDLE: Decimal(0) if is_billed else Decimal(25),
        Bucket.UNALLOCATED: Decimal("93.90"),
        Bucket.UNALLOCATABLE: Decimal(76),
        Bucket.EXCLUDED: Decimal(70),
    }
    assert (line.account, line.invoice) == ("account-1", "INV-3")


def test_a_file_says_whether_it_holds_and_what_holds_instead(snapshot: Snapshot) -> None:
    found = {one.name: one for one in files(snapshot, Asked())}
    first = found["cloud/2026-01-first.csv"]
    assert (first.holds, first.replaced, first.replaced_by) == (False, 1, "cloud/2026-01.csv")
    again = found["hosting/again.csv"]
    assert (again.holds, again.again, again.replaced_by) == (False, 1, None)
    march = found["cloud/2026-03.csv"]
    assert (march.holds, march.rows, march.taken, march.refused) == (True, 13, 12, 1)
    assert {one.name for one in files(snapshot, MARCH)} == {"cloud/2026-03.csv"}


def test_a_refused_value_is_told_with_its_row(snapshot: Snapshot) -> None:
    rows = snapshot.rows("from refused where name = 'cloud/2026-03.csv'")
    assert [(r["bill_row"], r["column"], r["written"], r["why"]) for r in rows] == [
        (13, "BilledCost", "5,00", "is no number"),
        (13, "EffectiveCost", "5,00", "is no number"),
    ]


@contextmanager
def changed(billed: Workspace, tmp_path: Path, *statements: str) -> Iterator[Snapshot]:
    """A copy of the snapshot in which something was changed."""
    (published,) = billed.snapshots.glob("*.duckdb")
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(published.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield Snapshot("x", {"rows": {"cost_check": 1}}, "copy.main", copy, connection)


def test_what_is_lost_on_the_way_is_seen(billed: Workspace, tmp_path: Path) -> None:
    """The question itself finds it, whatever the checks say."""
    lost = "delete from charge_day where bucket = 'unallocated'"
    with changed(billed, tmp_path, lost) as told:
        (line,) = lines(told, MARCH)
    assert line.sum.difference == Decimal("93.90")
    assert not line.sum.adds_up


def test_a_cost_that_no_bill_tells_is_not_nothing(billed: Workspace, tmp_path: Path) -> None:
    untold = "update bill_in_effect set tells_effective = false, effective_cost = null"
    gone = "update charge_day set effective_cost = null"
    with changed(billed, tmp_path, untold, gone) as told:
        (line,) = lines(told, MARCH)
        assert not line.is_told
        assert sums([line]) == ()
        (other,) = lines(told, replace(MARCH, cost=Cost.BILLED))
        assert other.is_told
        assert other.sum.amount == Decimal(1100)


def test_a_broken_check_is_told_with_its_rows(billed: Workspace, tmp_path: Path) -> None:
    broken = (
        "update cost_check set state = 'broken', broken = 1 where id = 'billed_adds_up'",
        (
            "update cost_check_row set state = 'broken', amount_out = 1 "
            "where \"check\" = 'billed_adds_up' and currency = 'USD'"
        ),
    )
    with changed(billed, tmp_path, *broken) as told:
        (check,) = [one for one in checks(told) if one.state is State.BROKEN]
        (row,) = against(told, check)
    assert (row["currency"], row["amount_in"], row["amount_out"]) == ("USD", Decimal("40.005"), 1)


def test_a_file_of_rows_says_what_it_is_of_and_has_all_digits(snapshot: Snapshot) -> None:
    asked = replace(MARCH, source="cloud")
    extract = Extract.of(snapshot, "reconciliation", "bills, and where they went", asked)
    text = csv_of(extract, [{"amount": Decimal("-0.100000000001"), "why": "=1+1", "none": None}])
    *head, columns, row = text.decode().splitlines()
    assert "# billing month: 2026-03" in head
    assert "# currency: EUR" in head
    assert "# source: cloud" in head
    assert any(snapshot.id in one for one in head)
    assert any("reconciliation.sql, sha256 " in one for one in head)
    assert columns == "amount,why,none"
    assert row == "-0.100000000001,'=1+1,"


def test_checks_say_how_they_stand(snapshot: Snapshot) -> None:
    found = {one.id: one for one in checks(snapshot)}
    assert found["billed_adds_up"] == Check(
        "billed_adds_up", found["billed_adds_up"].title, State.HOLDS, 4, 0, 0
    )
    assert found["all_rows_taken"].state is State.UNKNOWN


def test_every_question_can_be_put(snapshot: Snapshot) -> None:
    assert has_costs(snapshot)
    assert answered(snapshot, "files", Asked(source="nobody")) == []


def test_without_bills_there_is_nothing_to_reconcile(tmp_path: Path) -> None:
    publish_into(tmp_path, [])
    with (
        closing(SnapshotReader(Workspace(tmp_path))) as reader,
        reader.reading() as opened,
    ):
        assert not has_costs(opened)
