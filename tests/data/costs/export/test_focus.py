"""Allocated charges as FOCUS 1.3: read again they are the bills, and each part has its origin."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.costs.bill.examined import Examined
from data.costs.bill.examining import examine
from data.costs.bill.form import form
from data.costs.export.focus import NoExport, export
from tests.app.cli.running import run
from tests.data.costs.bill.native.exports import GCP, changed
from tests.data.costs.statement.months import OCTOBER, SEPTEMBER, charge, deliver, synced, workspace

RULES = """
version = "2025-1"
[[rule]]
id = "by-tag"
match = {}
team_from = "tag.team"
[[rule]]
id = "support"
match = { ServiceName = "Support" }
pool = "support"
[[pool]]
id = "support"
split = "fixed"
shares = { pay = "0.333333", web = "0.333333", data = "0.333334" }
[[pool]]
id = "data"
split = "direct_cost"
"""


def written(folder: Path, name: str, month: Any = None) -> tuple[Path, Path]:
    """The export, and the bill that it was made from."""
    found = workspace(folder, rules=RULES)
    rows = [
        charge(SEPTEMBER, "10.000000000001", "pay", PricingQuantity="3"),
        charge(SEPTEMBER, "20", "web"),
        charge(SEPTEMBER, "7.77", ServiceName="Support", PricingQuantity="10", Tags='{"a": "b"}'),
        charge(SEPTEMBER, "-1.1", ServiceName="Support", PricingQuantity="1"),
        charge(SEPTEMBER, "3", ServiceName='Other, "quoted"'),
        charge(OCTOBER, "5", "pay"),
    ]
    deliver(found, "a.csv", *rows)
    with synced(found) as snapshot:
        export(snapshot, found.bills, folder / name, month)
    return folder / name, folder / "bills" / "a.csv"


def totals(found: Examined) -> dict[str, Decimal | None]:
    return {one.amount: one.sum for one in found.totals}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows of a CSV file, every value as text."""
    with duckdb.connect() as connection:
        connection.execute(f"create view part as from read_csv('{path}', all_varchar = true)")
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_read_again_it_gives_the_totals_of_the_bills(tmp_path: Path, name: str) -> None:
    path, bill = written(tmp_path, name)
    found, before = examine(path, form("focus")), examine(bill, form("focus"))
    assert (found.version, found.refused_rows, found.missing_columns) == ("1.3", 0, ())
    assert totals(found) == totals(before)
    assert found.rows > before.rows


def test_ratios_and_parts_of_an_origin_are_whole(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "out.csv")
    found = rows(
        path,
        """
        select
            x_SplitOriginId,
            sum(cast(AllocatedMethodDetails ->> '$.Elements[0].AllocatedRatio' as decimal(38, 14))),
            sum(cast(BilledCost as decimal(38, 12)))
                - any_value(cast(x_SplitOriginCost as decimal(38, 12))),
            sum(cast(PricingQuantity as decimal(38, 12)))
        from part
        where AllocatedMethodId is not null
        group by all
        order by 4
        """,
    )
    assert [row[1:] for row in found] == [(1, 0, 1), (1, 0, 10)]


def test_a_part_tells_how_it_came_to_be_and_whose_it_is(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "out.csv")
    query = """
        select
            AllocatedMethodId, AllocatedMethodDetails, AllocatedResourceId,
            AllocatedResourceName, AllocatedTags, Tags, x_Team, x_Rule, x_Bucket
        from part where x_Rule = 'support' and cast(BilledCost as double) > 0 and x_Team = 'web'
        order by AllocatedMethodDetails
    """
    through, direct = rows(path, query)
    assert direct[0].startswith("support/fixed")
    assert direct[0].endswith("@2025-1")
    assert json.loads(direct[1])["Elements"] == [{"AllocatedRatio": 0.333333}]
    assert json.loads(direct[1])["x_Path"] == ["support", "web"]
    assert through[0] == "support/direct_cost@2025-1"
    assert json.loads(through[1])["x_Path"] == ["support", "data", "web"]
    assert direct[2:] == (
        "team:web",
        "web",
        '{"team":"web"}',
        '{"a": "b"}',
        "web",
        "support",
        "shared",
    )


def test_what_was_not_split_says_no_method(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "out.csv")
    query = """
        select x_Team, AllocatedMethodId, x_SplitOriginId from part
        where x_Rule is distinct from 'support' order by cast(BilledCost as double)
    """
    assert rows(path, query) == [(None, None, None), ("pay", None, None), ("pay", None, None),
                                 ("web", None, None)]  # fmt: skip


def test_each_charge_of_one_record_has_its_own_origin(tmp_path: Path) -> None:
    found = workspace(tmp_path, rules=RULES.replace('"Support"', '"Compute*"'))
    two = '[{"name": "a", "amount": -0.5}, {"name": "b", "amount": -0.25}]'
    deliver(found, "gcp.csv", changed(GCP, credits=two, labels="[]"),
            changed(GCP, cost="4", labels="[]"))  # fmt: skip
    with synced(found) as snapshot:
        written = export(snapshot, found.bills, tmp_path / "out.csv")
    origins = rows(
        tmp_path / "out.csv",
        """
        select
            x_SplitOriginId,
            count(distinct x_ChargeId),
            sum(cast(BilledCost as decimal(38, 12))),
            any_value(cast(x_SplitOriginCost as decimal(38, 12))),
            split_part(any_value(x_ChargeId), ':', 3)
        from part group by all order by 3
        """,
    )
    whole = [Decimal(cost) for cost in ("-0.5", "-0.25", "2.5", "4")]
    assert [row[1:] for row in origins] == [
        (1, cost, cost, record) for cost, record in zip(whole, "1112", strict=True)
    ]
    assert written == len(rows(tmp_path / "out.csv", "select distinct x_ChargeId, x_Team, "
                               "AllocatedMethodDetails from part"))  # fmt: skip


def test_one_month_alone_can_be_written(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "out.csv", OCTOBER)
    assert rows(path, "select x_Team, BilledCost from part") == [("pay", "5.000000000000")]


def test_a_month_is_that_of_the_bill_whenever_it_was_used(tmp_path: Path) -> None:
    found = workspace(tmp_path, rules=RULES)
    late = {name: f"2025-09-2{day}T00:00:00Z"
            for day, name in enumerate(("ChargePeriodStart", "ChargePeriodEnd"), 1)}  # fmt: skip
    deliver(found, "a.csv", charge(SEPTEMBER, "3", "pay"), charge(OCTOBER, "5", "pay", **late))
    with synced(found) as snapshot:
        export(snapshot, found.bills, tmp_path / "out.csv", OCTOBER)
    assert rows(tmp_path / "out.csv", "select BilledCost from part") == [("5.000000000000",)]


def test_a_form_that_is_not_known_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoExport, match=r"end in `\.csv` or `\.parquet`"):
        written(tmp_path, "out.txt")


def test_the_command_line_writes_it_and_says_how_much(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "out.csv")
    path.unlink()
    done = run(tmp_path, "cost", "allocate", "--export", str(path))
    assert done.exit_code == 0
    assert f"12 rows are written: {path}" in done.stderr
    assert run(tmp_path, "cost", "check", str(path)).exit_code == 0
