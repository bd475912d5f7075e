"""The demo's bills in its snapshot: to the last digit what the files say."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.returns import returns
from data.costs.statement.as_kept import as_kept
from data.costs.statement.closing import statement_of
from data.costs.statement.content import Kind
from data.costs.statement.kept import Kept
from data.costs.statement.standing import standings
from data.costs.views.reconciled import State
from data.decisions.benefit import benefits
from data.decisions.book import Book
from data.decisions.cost_period import closings
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.scope import Scope
from data.period import parse_window
from data.store.retention import pinned
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace

Sums = dict[tuple[str, str], tuple[Decimal, Decimal]]
SPOILT = {"24,31", "2026-09-31T00:00:00Z"}


@pytest.fixture(scope="module")
def snapshot(demo: Path) -> Iterator[Snapshot]:
    with closing(SnapshotReader(Workspace(demo))) as reader, reader.reading() as found:
        yield found


def written(folder: Path) -> Sums:
    """Billed and effective cost by month and currency, added up from the files themselves."""
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for path in sorted(folder.glob("bills/*/*.csv")):
        if "draft" in path.name:
            continue
        with path.open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                if SPOILT.isdisjoint(line.values()):
                    sums = found[line["BillingPeriodStart"][:7], line["BillingCurrency"]]
                    sums[0] += Decimal(line["BilledCost"])
                    sums[1] += Decimal(line["EffectiveCost"])
    return {key: (billed, effective) for key, (billed, effective) in found.items()}


def test_what_teams_and_nobody_have_is_what_the_files_say(demo: Path, snapshot: Snapshot) -> None:
    rows = snapshot.rows(
        """
        select
            strftime(billing_month, '%Y-%m') as month,
            currency,
            sum(billed_cost) as billed,
            sum(effective_cost) as effective
        from charge_day
        group by all
        """
    )
    in_snapshot = {(r["month"], r["currency"]): (r["billed"], r["effective"]) for r in rows}
    assert len(in_snapshot) == 48
    assert in_snapshot == written(demo)


def test_each_bucket_each_rule_and_each_pool_has_something(snapshot: Snapshot) -> None:
    buckets = {row["bucket"] for row in snapshot.rows("select distinct bucket from charge_day")}
    assert buckets == {"direct", "shared", "idle", "unallocated", "unallocatable", "excluded"}
    idle = snapshot.rows(
        """
        select rule from cost_rule
        where rule not in (select rule from charge_day where rule is not null)
        """
    )
    assert not list(idle)


def test_every_team_has_a_bill_and_a_part_stays_with_nobody(snapshot: Snapshot) -> None:
    (row,) = snapshot.rows(
        """
        select
            count(distinct team) as teams,
            sum(effective_cost) filter (bucket = 'unallocated') / sum(effective_cost) as nobody
        from charge_day
        """
    )
    assert row["teams"] == 12
    assert 0.005 < row["nobody"] < 0.05


def test_all_checks_hold_but_that_two_rows_are_missing(snapshot: Snapshot) -> None:
    states = {row["id"]: row["state"] for row in snapshot.rows("select id, state from cost_check")}
    assert {id_ for id_, state in states.items() if state != "holds"} == {"all_rows_taken"}
    assert states["all_rows_taken"] == "unknown"


def test_all_months_but_two_are_closed_and_what_came_late_is_charged_in_september(
    demo: Path, snapshot: Snapshot
) -> None:
    workspace = Workspace(demo)
    closed = closings(Book(demo))
    assert [one.month for one in (closed.all[0], closed.all[-1])] == [
        date(2024, 11, 1),
        date(2026, 8, 1),
    ]
    assert pinned(workspace) == {one.snapshot for one in closed.all} != {snapshot.id}
    check = as_kept(workspace)
    assert (check.state, check.compared) == (State.HOLDS, 22)
    now = datetime(2026, 11, 2, tzinfo=UTC)
    months = {
        one.month: one for one in standings(snapshot, closed, Kept(workspace.archive), "", now)
    }
    assert len(months) == 24
    assert months[date(2026, 9, 1)].can_close
    moved = {month: one.moved for month, one in months.items() if one.moved}
    assert {month: [each.amount for each in some] for month, some in moved.items()} == {
        date(2026, 6, 1): [Decimal("-386.40")],
        date(2026, 8, 1): [Decimal("129.95")],
    }
    told, closing_ = statement_of(workspace, snapshot, "", date(2026, 9, 1))
    late = [line for line in told.lines if line.kind is Kind.CHANGE]
    assert closing_ is None
    assert {line.origin for line in late} == set(moved)


def test_an_incident_costs_something_and_an_initiative_returns_more_than_it_costs(
    demo: Path, snapshot: Snapshot
) -> None:
    quarter = parse_window("2026-Q3", date(2026, 11, 1))
    for name in ("cost_per_incident", "initiative_return"):
        (figure,) = evaluate(snapshot, definition(name), Scope(), quarter).figures
        assert figure.value is not None, name
        assert figure.value > 1, name
    (found,) = returns(snapshot, benefits(Book(demo)), parse_window("12m", date(2026, 11, 1)))
    assert (found.initiative, found.why, found.currency) == ("quote-answers", None, "EUR")
    assert found.value is not None
    assert 2 < found.value < 4
