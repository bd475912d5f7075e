"""Seven ways in which allocations are known to lose or to make money, and that ours does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.data.costs.allocation.test_allocating import JAN, charge, done, rule, shares
from tests.data.costs.bill.bills import line
from tests.data.costs.test_building import delivered, told, workspace

BY_TEAM = rule({"team_from": "tag.team"}, "own", **{"tag.team": "*"})
IDLE = rule({"pool": "idle"}, "idle", ServiceName="Idle")
SHARED = rule({"pool": "shared"}, "shared", ServiceName="Shared")


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


def test_3_the_total_is_the_same_however_what_is_idle_is_split() -> None:
    """Cost vanished where there was only idle cost, and the total rose with the settings."""
    totals = set()
    ways = ({"split": "even"}, {"split": "direct_cost"}, {"split": "driver", "driver": "runs"},
            {"split": "fixed", "shares": {"pay": "1"}})  # fmt: skip
    for way in ways:
        pool = {"id": "idle", "is_idle": True, **way}
        found = shares(done({"rule": [IDLE], "pool": [pool]}, [charge("20", ServiceName="Idle")]))
        totals.add(sum(found.values()))
    assert totals == {20}


def test_4_money_is_no_floating_point_number() -> None:
    """1.1 + 1.2 + 2.3 made 4.6000000000000005."""
    book = {"rule": [rule({"team": "pay"})]}
    found = shares(done(book, [charge(cost) for cost in ("1.1", "1.2", "2.3")]))
    assert found == {("pay", "direct"): Decimal("4.6")}
    many = shares(done(book, [charge("0.1")] * 10_000))
    assert many == {("pay", "direct"): Decimal(1000)}


def test_5_what_nobody_used_stays_in_sight() -> None:
    """A day without usage was taken off the pool, and given to nobody."""
    pool = {"id": "shared", "split": "driver", "driver": "runs"}
    unused = {("runs", JAN): dict.fromkeys(("pay", "web"), Decimal(0))}
    found = shares(
        done({"rule": [SHARED], "pool": [pool]}, [charge("100", ServiceName="Shared")], unused)
    )
    assert found == {(None, "unallocated"): 100}


def test_7_the_total_is_the_sum_of_rows_however_often_a_bill_is_read(tmp_path: Path) -> None:
    """Days were counted twice after a second summary, and totals were not the sum of their rows."""
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line(), line(BilledCost="2"))
    query = "select sum(billed_cost), sum(rows), count(distinct day) from charge_day"  # in halves
    once = told(found, query)
    delivered(tmp_path, "a.csv", line(), line(BilledCost="2"), at=5)
    delivered(tmp_path, "copy.csv", line(), line(BilledCost="2"), at=9)
    assert once == told(found, query) == [(Decimal("3.25"), 4, 1)]
