"""From delivered bills to what each team has: which bills hold, and that sums are theirs."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.update import update
from data.configuration import ConfigurationError
from data.costs.allocation.book_file import read_book
from data.costs.allocation.parting import TooMuch
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.turn import turn

FEBRUARY = {
    "BillingPeriodStart": "2026-02-01T00:00:00Z",
    "BillingPeriodEnd": "2026-03-01T00:00:00Z",
    "ChargePeriodStart": "2026-02-05T00:00:00Z",
    "ChargePeriodEnd": "2026-02-06T00:00:00Z",
}
RULES = """
version = "2026-1"
[[rule]]
id = "by-tag"
match = {}
team_from = "tag.team"
[[rule]]
id = "machines"
match = { ServiceName = "Machines" }
pool = "machines"
[[pool]]
id = "machines"
split = "direct_cost"
fallback = ["even"]
"""


def workspace(folder: Path, **settings: str) -> Workspace:
    told = {"path": "bills", "delivery": "replacement", **settings}
    keys = "\n".join(f'{key} = "{value}"' for key, value in told.items())
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    (folder / "cairn.toml").write_text(
        f"""
[cost]
rules = "rules.toml"
[[team]]
name = "pay"
[[team]]
name = "web"
[[source]]
kind = "bills"
name = "cloud"
{keys}
""",
        encoding="utf-8",
    )
    (folder / "bills").mkdir()
    return Workspace(folder)


def delivered(folder: Path, name: str, *rows: dict[str, str], at: int = 0) -> Path:
    """A bill that was written so many seconds after the first."""
    path = folder / "bills" / name
    path.parent.mkdir(exist_ok=True)
    bill(path.parent, *rows, name=path.name)
    os.utime(path, (1_780_000_000 + at,) * 2)
    return path


def told(found: Workspace, query: str) -> list[tuple[Any, ...]]:
    snapshot = turn(found).snapshot
    path = found.snapshots / f"snapshot-{snapshot}.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


SUM = "select billing_month, sum(billed_cost) from charge_day group by all order by all"


def test_the_newest_file_of_a_period_holds_as_a_whole(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line(), line(), line(**FEBRUARY))
    delivered(tmp_path, "b.csv", line(BilledCost="7"), at=9)
    assert [cost for _, cost in told(found, SUM)] == [Decimal(7), Decimal("1.25")]


def test_a_bill_of_several_files_holds_with_its_folder(tmp_path: Path) -> None:
    found = workspace(tmp_path, unit="folder")
    delivered(tmp_path, "1/a.csv", line())
    delivered(tmp_path, "1/b.csv", line())
    delivered(tmp_path, "2/a.csv", line(BilledCost="3"), at=9)
    delivered(tmp_path, "2/b.csv", line(BilledCost="4"), at=10)
    assert [cost for _, cost in told(found, SUM)] == [Decimal(7)]


def test_what_is_appended_counts_beside_and_once(tmp_path: Path) -> None:
    found = workspace(tmp_path, delivery="append")
    delivered(tmp_path, "a.csv", line())
    delivered(tmp_path, "again.csv", line(), at=5)
    correction = line(BilledCost="-0.25", ChargeClass="Correction")
    delivered(tmp_path, "b.csv", correction, at=9)
    assert [cost for _, cost in told(found, SUM)] == [Decimal(1)]


def test_the_same_bill_under_a_newer_name_holds_once(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line())
    delivered(tmp_path, "b.csv", line(), at=9)
    assert [cost for _, cost in told(found, SUM)] == [Decimal("1.25")]


def test_accounts_replace_their_own_periods_only(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line(), line(BillingAccountId="other"))
    delivered(tmp_path, "b.csv", line(BilledCost="7"), at=9)
    assert [cost for _, cost in told(found, SUM)] == [Decimal("8.25")]


def test_sums_of_teams_are_those_of_the_bills(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    rows = [line(Tags='{"team": "pay"}', EffectiveCost="3"), line(Tags='{"team": "web"}'),
            line(Tags=""), line(Tags="", ServiceName="Other")]  # fmt: skip
    delivered(tmp_path, "a.csv", *rows)
    query = """
        select
            sum(billed_cost) - (select sum(billed_cost) from bill_in_effect),
            sum(effective_cost) - (select sum(effective_cost) from bill_in_effect),
            sum(billed_cost) filter (where bucket = 'unallocated'),
            count(distinct team)
        from charge_day
    """
    assert told(found, query) == [(0, 0, Decimal("1.25"), 2)]


def test_what_is_too_large_to_be_split_exactly_is_told(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    large = line(BilledCost="900000000000", EffectiveCost="1")
    delivered(tmp_path, "a.csv", large, large)
    with pytest.raises(TooMuch, match="pool machines, 2026-01-05: Machines of account account-1"):
        update(found, lambda *_: None)


def test_a_rule_may_look_at_a_column_of_ones_own_that_a_bill_may_lack(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    rule = '[[rule]]\nid = "centre"\nmatch = { x_Centre = "7" }\nteam = "web"\n'
    other = '[[rule]]\nid = "other"\nmatch = { x_centre = "9" }\nteam = "pay"\n'
    (tmp_path / "rules.toml").write_text(f'version = "1"\n{rule}{other}', encoding="utf-8")
    delivered(tmp_path, "a.csv", *(line(x_Centre=number) for number in "789"))
    delivered(tmp_path, "b.csv", line(BillingAccountId="other"))
    query = "select rule, team, sum(rows) from charge_day group by all order by all nulls last"
    assert told(found, query) == [("centre", "web", 1), ("other", "pay", 1), (None, None, 2)]


def test_a_bill_of_which_no_row_counts_is_not_known_to_be_counted(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    delivered(tmp_path, "a.csv", line())
    delivered(tmp_path, "b.csv", line(BilledCost="$1"), line(BilledCost="$2"), at=9)
    query = "select note, state from cost_check_row where \"check\" = 'all_rows_taken' order by 1"
    assert told(found, query) == [
        ("bills/a.csv: all rows are counted", "holds"),
        ("bills/b.csv: none of 2 rows is counted", "unknown"),
    ]


def test_without_bills_there_are_no_costs(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    (tmp_path / "cairn.toml").write_text("", encoding="utf-8")
    assert told(found, "select count(*) from charge_day") == [(0,)]


HEAD = 'version = "1"\n'
CIRCLE = """[[pool]]
id = "a"
split = "even"
to = ["b"]
[[pool]]
id = "b"
split = "even"
to = ["a"]
"""
TWICE = """[[{key}]]
id = "a"
match = {{}}
{told}
{names} = {{ X = "pay", " x" = "web" }}
"""


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('[[rule]]\nid = "a"\nmatch = { Servicename = "x" }\nteam = "pay"\n',
         "rules.toml, line 4: `Servicename` is no column"),
        ('[[rule]]\nid = "a"\nmatch = {}\n', "line 2: `a` says nothing of whose"),
        ('[[rule]]\nid = "a"\nmatch = {}\nteam = "x"\npool = "y"\n', "line 6: `a` says team and"),
        ('[[rule]]\nid = "a"\nmatch = {}\npool = "y"\n', "line 5: there is no pool `y`"),
        (CIRCLE, r"line 9: `b` passes on to `a`, which is not below it \(b → a → b\)"),
        (CIRCLE.replace('"a"]', '"b"]'), "line 9: `b` passes on to `b`"),
        ('[[pool]]\nid = "a"\nsplit = "fixed"\nshares = { a = "0.5", b = "0.4" }\n',
         r"line 5: the shares of `a` add up to 0\.9"),
        ('[[pool]]\nid = "a"\nsplit = "fixed"\nshares = { a = 0.5, b = 0.5 }\n',
         "line 5: .* write shares as texts"),
        ('[[pool]]\nid = "a"\nsplit = "driver"\n', "line 4: `a`: a split by driver"),
        ('[[rule]]\nid = "a"\nteam = "pay"\nmatch = { ServiceName = [] }\n', "line 5: "),
        (TWICE.format(key="rule", told='team_from = "tag.a"', names="teams"),
         "line 6: ` x` stands twice in `teams`: upper and lower case are alike"),
        (TWICE.format(key="activity", told='activity = "build"\nsubject_from = "tag.a"',
                      names="subjects"), "line 7: ` x` stands twice in `subjects`"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_meant_are_told_with_their_line(
    tmp_path: Path, rules: str, said: str
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_book(path)
