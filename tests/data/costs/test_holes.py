"""Seven ways in which allocations are known to lose or to make money, and that ours does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.views.allocation import Coverage
from data.costs.views.asked import Asked, Cost
from data.costs.views.commitments import added, eligible, months
from data.costs.views.commitments import coverage as coverage_of
from data.metrics.reason import NoValue
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.allocation.test_allocating import JAN, charge, done, rule, shares
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import delivered, told, workspace
from tests.data.costs.turn import turn
from tests.data.facts.test_unit_costs import FINAL_MAY, figure
from tests.data.facts.test_unit_costs import charge as paid
from tests.data.facts.test_unit_costs import told as costed

BY_TEAM = rule({"team_from": "tag.team"}, "own", **{"tag.team": "*"})
IDLE = rule({"pool": "idle"}, "idle", ServiceName="Idle")
SHARED = rule({"pool": "shared"}, "shared", ServiceName="Shared")

EUROS = Asked(currency="EUR")


@contextmanager
def read(found: Workspace) -> Iterator[Snapshot]:
    """What is published of the bills that were delivered."""
    turn(found)
    with closing(SnapshotReader(found)) as reader, reader.reading() as snapshot:
        yield snapshot


def of(team: str, cost: str) -> dict[str, object]:
    return charge(cost, Tags=f'{{"team": "{team}"}}')


def test_1_idle_cost_is_split_evenly_where_the_rules_say_so() -> None:
    """An engine took `even` for `weighted`, whatever its documentation said."""
    pool = {"id": "idle", "is_idle": True, "split": "even", "to": ["pay", "web"]}
    book = {"rule": [BY_TEAM, IDLE], "pool": [pool]}
    found = shares(done(book, [of("pay", "90"), of("web", "10"), charge("20", ServiceName="Idle")]))
    assert (found["pay", "idle"], found["web", "idle"]) == (10, 10)


def test_2_a_team_with_credits_takes_no_share_and_makes_no_other_larger() -> None:
    """Shares of 0.833 and 0.417 made 75 of a shared 60."""
    pool = {"id": "shared", "split": "direct_cost"}
    book = {"rule": [BY_TEAM, SHARED], "pool": [pool]}
    bill = [
        of("pay", "100"),
        of("web", "50"),
        of("data", "-30"),
        charge("60", ServiceName="Shared"),
    ]
    found = shares(done(book, bill))
    assert (found["pay", "shared"], found["web", "shared"]) == (40, 20)
    assert ("data", "shared") not in found


@pytest.mark.parametrize(
    "way",
    [
        {"split": "even"},
        {"split": "even", "to": ["pay"]},
        {"split": "direct_cost"},
        {"split": "direct_cost", "fallback": ["even"]},
        {"split": "driver", "driver": "runs"},
        {"split": "fixed", "shares": {"pay": "1"}},
    ],
    ids=lambda way: " ".join(map(str, way.values())),
)
@pytest.mark.parametrize("used", [[], ["90", "10"]], ids=["only idle", "used too"])
def test_3_the_total_is_the_same_however_what_is_idle_is_split(
    way: dict[str, object], used: list[str]
) -> None:
    """Cost vanished where there was only idle cost, and the total rose with the settings."""
    book = {"rule": [BY_TEAM, IDLE], "pool": [{"id": "idle", "is_idle": True, **way}]}
    bill = [charge("20", ServiceName="Idle"), *(of("pay", cost) for cost in used)]
    found = shares(done(book, bill))
    assert sum(found.values()) == 20 + sum(map(Decimal, used))
    assert sum(cost for (_, bucket), cost in found.items() if bucket != "direct") == 20


def test_4_money_is_no_floating_point_number(tmp_path: Path) -> None:
    """1.1 + 1.2 + 2.3 made 4.6000000000000005."""
    book = {"rule": [rule({"team": "pay"})]}
    found = shares(done(book, [charge(cost) for cost in ("1.1", "1.2", "2.3")]))
    assert found == {("pay", "direct"): Decimal("4.6")}
    thirds = {"rule": [SHARED], "pool": [{"id": "shared", "split": "even"}]}
    many = shares(done(thirds, [charge("0.1", ServiceName="Shared")] * 10_000))
    assert many.keys() == {(team, "shared") for team in ("pay", "web", "data")}
    assert sum(many.values()) == Decimal(1000)
    delivered_in = workspace(tmp_path)
    delivered(tmp_path, "a.csv", *(line(BilledCost=cost) for cost in ("1.1", "1.2", "2.3")))
    (summed,) = told(delivered_in, "select sum(billed_cost) from charge_day")
    assert str(summed[0]) == "4.600000000000"


def test_5_what_nobody_used_stays_in_sight() -> None:
    """A day without usage was taken off the pool, and given to nobody."""
    pool = {"id": "shared", "split": "driver", "driver": "runs"}
    unused = {("runs", JAN): dict.fromkeys(("pay", "web"), Decimal(0))}
    found = shares(
        done({"rule": [SHARED], "pool": [pool]}, [charge("100", ServiceName="Shared")], unused)
    )
    assert found == {(None, "unallocated"): 100}


COMMITTED = {"CommitmentDiscountStatus": "", "PricingCategory": "", "CommitmentDiscountId": "a"}
"""What a bill has of a commitment of which it tells no use."""


def test_6_a_commitment_of_which_no_use_is_told_is_not_unused(tmp_path: Path) -> None:
    """What was asked for and never measured was 0 % in use, and nothing of it was waste."""
    found = workspace(tmp_path)
    free = {"CommitmentDiscountId": "b", "EffectiveCost": "0", "CommitmentDiscountStatus": "Used"}
    bill = [line(**COMMITTED, ChargeCategory="Purchase", EffectiveCost="0"),
            line(**COMMITTED | free)]  # fmt: skip
    delivered(tmp_path, "a.csv", *bill)
    with read(found) as snapshot:
        (bought, used_free) = months(snapshot, EUROS)
        assert (bought.use.bought, bought.use.used, bought.use.unused) == (
            Decimal("1.25"),
            None,
            None,
        )
        assert (bought.use.whole, bought.use.utilisation) == (None, None)
        assert (used_free.use.whole, used_free.use.utilisation) == (0, None)
        assert (added([bought]).used, added([bought]).utilisation) == (None, None)
        assert coverage_of([]) is None


def test_6_what_has_no_price_is_not_free(tmp_path: Path) -> None:
    """What had no list price had saved nothing, and so it looked as if all was covered."""
    found = workspace(tmp_path)
    used = COMMITTED | {"CommitmentDiscountStatus": "Used", "PricingCategory": "Committed"}
    bare = COMMITTED | {"CommitmentDiscountId": "", "PricingCategory": "Standard"}
    delivered(
        tmp_path,
        "a.csv",
        line(**used, ServiceName="Desks"),
        line(**bare, ServiceName="Desks", ListCost=""),
    )
    with read(found) as snapshot:
        (machines,) = eligible(snapshot, EUROS)
        assert (machines.covered, machines.unpriced_charges, machines.share) == (2, 1, None)
        assert coverage_of([machines]) is None


def test_6_a_charge_without_a_price_counts_once_into_however_many_parts_it_is_split(
    tmp_path: Path,
) -> None:
    """Nobody's machines are split between two teams, so that each charge has two parts."""
    found = workspace(tmp_path)
    used = COMMITTED | {"CommitmentDiscountStatus": "Used", "PricingCategory": "Committed"}
    bare = COMMITTED | {"CommitmentDiscountId": "", "Tags": ""}
    rows = [
        line(**used | {"Tags": ""}),
        line(**bare | {"PricingCategory": "Standard", "ListCost": ""}),
        line(**bare),
    ]
    delivered(tmp_path, "a.csv", *rows)
    with read(found) as snapshot:
        (machines,) = eligible(snapshot, EUROS)
        assert (machines.unpriced_charges, machines.untold_charges) == (1, 1)
        assert [one.charges for one in months(snapshot, EUROS)] == [1]
        (parted,) = snapshot.rows("select sum(rows) as parts from charge_day")
        assert parted["parts"] == 6


def test_6_what_is_divided_by_nothing_has_no_value(tmp_path: Path) -> None:
    """Costs for which nothing was delivered have no cost apiece, and no share of no cost is 0."""
    with costed(tmp_path, [paid("2026-05-02", 30)], [FINAL_MAY]) as snapshot:
        apiece = figure(snapshot, metric="cost_per_pipeline_run")
        assert (apiece.value, apiece.n, apiece.reason) == (None, 0, NoValue.NONE_IN_PERIOD)
    assert Coverage(Cost.BILLED, Decimal(0), Decimal(0)).share is None


@pytest.mark.parametrize("delivery", ["replacement", "append"])
def test_7_the_total_is_the_sum_of_rows_however_often_a_bill_is_read(
    tmp_path: Path, delivery: str
) -> None:
    """Days were counted twice after a second summary, and totals were not the sum of their rows."""
    found = workspace(tmp_path, delivery=delivery)
    tagged = [line(Tags=f'{{"team": "{team}"}}') for team in ("pay", "web")]
    bill = [*tagged, line(Tags="", BilledCost="2")]  # of which each has a half
    delivered(tmp_path, "a.csv", *bill)
    query = "select sum(billed_cost), sum(rows), count(distinct day) from charge_day"
    once = told(found, query)
    assert once == told(found, query) == [(Decimal("4.5"), 4, 1)]
    delivered(tmp_path, "a.csv", *bill, at=5)
    delivered(tmp_path, "copy.csv", *bill, at=9)
    assert told(found, query) == once
    both = """
        select
            sum(billed_cost) = (select sum(billed_cost) from bill_in_effect),
            sum(effective_cost) = (select sum(effective_cost) from bill_in_effect)
        from charge_day
    """
    assert told(found, both) == [(True, True)], "what teams have is never more than what is billed"
