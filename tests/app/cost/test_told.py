"""Costs in one currency: converted whole or not at all, told apart, and against earlier months."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.components import reporting
from data.costs.views.asked import Asked, Cost
from data.costs.views.team import pooled, unowned
from data.costs.views.told import (
    By,
    Part,
    Told,
    billed,
    months,
    paid,
    parts,
    reporting_currency,
    told_in,
    whole,
    why_not,
)
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.cost.billed import written
from tests.data.costs.turn import turn

MARCH = date(2026, 3, 1)
IN_EUROS = Told(Asked(MARCH, "EUR"), "EUR", is_reporting=False)
RATE = "2026-03-31,USD,EUR,0.9,a bank of example\n"


def opened(workspace: Workspace) -> Iterator[Snapshot]:
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as found:
        yield found


@pytest.fixture
def snapshot(billed: Workspace) -> Iterator[Snapshot]:
    yield from opened(billed)


def with_rates(folder: Path, rates: str) -> Workspace:
    """The company that tells its costs in EUR by these rates."""
    workspace = written(folder)
    (folder / "rates.csv").write_text(f"day,base,quote,rate,source\n{rates}", encoding="utf-8")
    toml = (folder / "cairn.toml").read_text(encoding="utf-8")
    named = '[cost]\nrates = "rates.csv"\ncurrency = "EUR"\n'
    (folder / "cairn.toml").write_text(toml.replace("[cost]\n", named), encoding="utf-8")
    turn(workspace)
    return workspace


@pytest.fixture(scope="module")
def converting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    yield from opened(with_rates(tmp_path_factory.mktemp("converting"), RATE))


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A folder whose rates are of another time."""
    old = RATE.replace("2026", "2025")
    yield from opened(with_rates(tmp_path_factory.mktemp("lacking"), old))


def amounts(found: tuple[Part, ...]) -> dict[str | None, Decimal | None]:
    return {one.name or one.nobody: one.amount for one in found}


def test_teams_and_nobody_are_the_parts_of_all_that_is_ours(snapshot: Snapshot) -> None:
    found = amounts(parts(snapshot, IN_EUROS, By.TEAM))
    assert found["unallocated"] == Decimal("93.90")
    assert found["unallocatable"] == Decimal(76)
    assert set(found) == {"pay", "web", "unallocated", "unallocatable"}
    ours = Decimal(1100) - Decimal(70)
    assert sum(amount for amount in found.values() if amount is not None) == ours


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("cost", Cost)
def test_the_parts_add_up_to_the_same_whatever_they_are(
    snapshot: Snapshot, by: By, cost: Cost
) -> None:
    """March has 1,100 of which 70 are excluded; each month before has 100 less."""
    told = Told(Asked(MARCH, "EUR", cost=cost), "EUR", is_reporting=False)
    sum_ = whole(parts(snapshot, told, by))
    assert (sum_.amount, sum_.before, sum_.year_before) == (Decimal(1030), Decimal(930), None)
    by_month = months(snapshot, told, by)
    totals = [sum(had.amount or 0 for had in one.values()) for one in by_month.values()]
    assert totals == [Decimal(830), Decimal(930), Decimal(1030)]


def test_what_a_team_has_is_direct_shared_and_idle(snapshot: Snapshot) -> None:
    of_pay = whole(parts(snapshot, IN_EUROS.of("pay"), By.BUCKET)).amount
    assert of_pay == amounts(parts(snapshot, IN_EUROS, By.TEAM))["pay"]
    assert set(amounts(parts(snapshot, IN_EUROS.of("pay"), By.BUCKET))) == {
        "direct", "shared", "idle",
    }  # fmt: skip


def test_where_no_currency_is_named_there_is_no_sum_and_it_is_said_why(
    snapshot: Snapshot,
) -> None:
    assert reporting_currency(snapshot) is None
    told = told_in(snapshot, Asked(MARCH))
    assert whole(parts(snapshot, told, By.TEAM)).amount is None
    assert "EUR and USD" in (why_not(snapshot, told) or "")
    assert [(one.currency, one.amount) for one in paid(snapshot, told)] == [
        ("EUR", Decimal(1030)),
        ("USD", Decimal("40.005")),
    ]


def test_all_bills_are_told_in_the_currency_of_reporting(converting: Snapshot) -> None:
    told = told_in(converting, Asked(MARCH))
    assert (told.currency, why_not(converting, told)) == ("EUR", None)
    sum_ = whole(parts(converting, told, By.SERVICE))
    assert sum_.amount == Decimal(1030) + Decimal("40.005") * Decimal("0.9")
    assert sum_.before == Decimal(930)
    assert sum(had.amount or 0 for had in months(converting, told, By.TEAM)[MARCH].values()) == (
        sum_.amount
    )


def test_amounts_of_metrics_name_the_currency_of_sums(
    converting: Snapshot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "current", lambda: converting)
    assert reporting.in_currency() == "in EUR"
    monkeypatch.setattr(reporting, "current", lambda: snapshot)
    assert reporting.in_currency() == "in the currency of reporting", "none is named"


def test_a_missing_rate_leaves_no_partial_sum_but_the_months_without_it(
    lacking: Snapshot,
) -> None:
    told = told_in(lacking, Asked(MARCH))
    sum_ = whole(parts(lacking, told, By.TEAM))
    assert (sum_.amount, sum_.before) == (None, Decimal(930))
    assert sum_.lacking > 0
    assert amounts(parts(lacking, told, By.TEAM))["pay"] is not None, "has no dollars"
    assert amounts(parts(lacking, told, By.TEAM))["web"] is None
    assert "USD in EUR on 2026-03-31" in (why_not(lacking, told) or "")
    of_months = months(lacking, told, By.TEAM)
    web = of_months[MARCH]["web"]
    assert (web.amount, web.lacking > 0, web.untold) == (None, True, 0)
    assert all(had.amount is not None for had in of_months[date(2026, 2, 1)].values())


def test_a_team_sees_what_it_has_of_each_pool_and_of_how_much(snapshot: Snapshot) -> None:
    found = pooled(snapshot, IN_EUROS.of("web"))
    by_pool = {(one.pool, one.path): one for one in found}
    support = by_pool["support", ("support", "web")]
    assert (support.amount, support.whole) == (Decimal(27), Decimal(90))
    assert support.ratio == Decimal("0.3")
    assert support.method == "fixed"
    through = by_pool["support", ("support", "cluster", "web")]
    assert through.amount == Decimal(9), "half of the fifth that the cluster passes on"
    everybody = [*found, *pooled(snapshot, IN_EUROS.of("pay"))]
    whole_of = {one.pool: one.whole for one in everybody}
    for pool, all_of_it in whole_of.items():
        assert sum(one.amount or 0 for one in everybody if one.pool == pool) == all_of_it


def test_resources_that_nobody_has_name_their_row_and_whether_they_are_near(
    snapshot: Snapshot,
) -> None:
    found = {one.resource: one for one in unowned(snapshot, IN_EUROS.of("pay"))}
    disk = found["disk-7"]
    assert (disk.amount, disk.bill, disk.bill_row) == (
        Decimal("60.90"), "cloud/2026-03.csv", 6,
    )  # fmt: skip
    assert not disk.is_near, "pay has machines in that account, and no disks"


def test_bills_reach_to_their_newest_month_and_gaps_in_between_are_counted(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    found = {one.source: one for one in billed(snapshot, Asked())}
    assert (found["cloud"].last_month, found["cloud"].months, found["cloud"].missing) == (
        MARCH, 3, 0,
    )  # fmt: skip
    workspace = written(tmp_path)
    text = (tmp_path / "cloud/2026-01.csv").read_text(encoding="utf-8")
    (tmp_path / "cloud/2025-11.csv").write_text(
        text.replace("2026-01-", "2025-11-").replace("2026-02-01", "2025-12-01"), encoding="utf-8"
    )
    turn(workspace)
    for reading in opened(workspace):
        (cloud, _) = billed(reading, Asked())
        assert (cloud.first_month, cloud.months, cloud.missing) == (date(2025, 11, 1), 4, 1)
