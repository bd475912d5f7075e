"""What came in and where it went: exact, also where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.costs.allocation.book import Bucket
from data.costs.views.asked import Asked, Cost, answered, has_costs
from data.costs.views.reconciled import Check, State, checks, files, lines, sums
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


def test_what_is_lost_on_the_way_is_seen(billed: Workspace, tmp_path: Path) -> None:
    """The question itself finds it, whatever the checks say."""
    (published,) = billed.snapshots.glob("*.duckdb")
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(published.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute("delete from charge_day where bucket = 'unallocated'")
    with duckdb.connect(str(copy), read_only=True) as connection:
        told = Snapshot("x", {"rows": {}}, "copy.main", copy, connection)
        (line,) = lines(told, MARCH)
    assert line.sum.difference == Decimal("93.90")
    assert not line.sum.adds_up


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
