"""Estimates beside bills: part of effective cost, and never of what is billed; said, and found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost.unknown import why_none
from connectors.update import update
from data.costs.lines import Wanted, lines
from data.costs.rates.reported import reported
from data.costs.views.allocation import buckets, coverage, rules
from data.costs.views.allocation import parts as pool_parts
from data.costs.views.asked import Asked, Cost
from data.costs.views.compared import compared
from data.costs.views.estimates import estimates
from data.costs.views.reconciled import lines as reconciled
from data.costs.views.reconciled import sums
from data.costs.views.told import By, months, paid, parts, told_in, whole
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import run
from tests.app.conftest import OpenPage
from tests.app.cost.test_allocation import line, table
from tests.app.cost.test_allocation import told as said
from tests.data.costs.bill.native.exports import allocation
from tests.data.costs.statement.months import RULES, charge, deliver
from tests.data.costs.statement.test_views import JANUARY, clustered

BILLED = Asked(JANUARY, "EUR", cost=Cost.BILLED)
POOL = """
[[rule]]
id = "cluster"
match = { ServiceName = "Kubernetes" }
pool = "cluster"
[[pool]]
id = "cluster"
split = "even"
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A bill of 10 of pay, and estimates of a cluster: 3.5 pay, 1.25 web, 2.5 for both of them."""
    folder = tmp_path_factory.mktemp("beside")
    found = clustered(folder)
    rule, pool = POOL.split("[[pool]]")
    both = RULES.replace('[[pool]]\nid = "support"', f'{rule}[[pool]]\nid = "support"')
    (folder / "rules.toml").write_text(f"{both}[[pool]]{pool}", encoding="utf-8")
    told = json.loads((folder / "cluster.json").read_text(encoding="utf-8"))
    told["data"][0]["both"] = allocation("both", 2.5)
    (folder / "cluster.json").write_text(json.dumps(told), encoding="utf-8")
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    update(found, lambda *_: None)
    return found


@pytest.fixture
def snapshot(beside: Workspace) -> Iterator[Snapshot]:
    with closing(SnapshotReader(beside)) as reader, reader.reading() as opened:
        yield opened


def teams(snapshot: Snapshot, cost: Cost, currency: str | None = "EUR") -> dict[str, Decimal]:
    told = told_in(snapshot, Asked(JANUARY, currency, cost=cost))
    return {one.name or "": one.amount or Decimal(-1) for one in parts(snapshot, told, By.TEAM)}


@pytest.mark.parametrize("currency", ["EUR", None])
def test_a_billed_sum_over_bills_and_estimates_is_that_of_the_bills(
    snapshot: Snapshot, currency: str | None
) -> None:
    assert teams(snapshot, Cost.BILLED, currency) == {"pay": Decimal(10)}
    assert teams(snapshot, Cost.EFFECTIVE, currency) == {
        "pay": Decimal("1.125") + Decimal("4.75"), "web": Decimal("2.5"),
    }  # fmt: skip


def test_each_way_to_ask_for_billed_cost_leaves_them_out(snapshot: Snapshot) -> None:
    told = told_in(snapshot, BILLED)
    (had,) = months(snapshot, told, By.SERVICE)[JANUARY].values()
    assert (had.amount, had.untold) == (Decimal(10), 0)
    assert [one.amount for one in paid(snapshot, told)] == [Decimal(10)]
    assert list(buckets(snapshot, BILLED)[JANUARY].values()) == [Decimal(10)]
    (total,) = sums(reconciled(snapshot, BILLED))
    assert (total.amount, total.rows, total.adds_up) == (Decimal(10), 1, True)
    (of_billed,) = [one for one in coverage(snapshot, BILLED) if one.cost is Cost.BILLED]
    assert (of_billed.total, of_billed.unallocated) == (Decimal(10), Decimal(0))
    in_all = reported(snapshot)
    assert (in_all.billed, in_all.effective) == (Decimal(10), Decimal("8.375"))


def test_a_rule_counts_what_it_caught_of_estimates_apart(snapshot: Snapshot) -> None:
    found = {one.rule: one for one in rules(snapshot, BILLED)}
    by_tag, cluster = found["by-tag"], found["cluster"]
    assert (by_tag.charges, by_tag.estimates, by_tag.amount) == (1, 2, Decimal(10))
    assert (cluster.charges, cluster.estimates, cluster.amount) == (0, 1, None)
    assert (found["support"].caught, found["support"].amount) == (0, Decimal(0))
    shown = {one.rule: one for one in rules(snapshot, Asked(JANUARY, "EUR"))}
    assert (shown["cluster"].charges, shown["cluster"].estimates) == (1, 0)


def test_of_estimates_alone_nothing_is_billed_and_that_is_no_zero(snapshot: Snapshot) -> None:
    asked = Asked(JANUARY, "EUR", "cluster", Cost.BILLED)
    sum_ = whole(parts(snapshot, told_in(snapshot, asked), By.TEAM))
    assert (sum_.amount, why_none(sum_)) == (None, "nothing is billed here")
    assert {one.cost for one in coverage(snapshot, asked)} == {Cost.EFFECTIVE}
    assert reconciled(snapshot, asked) == ()
    assert compared(snapshot, Asked(source="cluster", cost=Cost.BILLED)) is None
    assert reported(snapshot, "source = 'cluster'").billed is None
    (of_pool, *_) = pool_parts(snapshot, asked)
    assert (of_pool.amount, of_pool.is_never_billed) == (None, True)


def test_what_is_left_out_is_counted_by_charges_and_found_by_its_lines(
    beside: Workspace, snapshot: Snapshot
) -> None:
    (one,) = estimates(snapshot, BILLED)
    assert (one.source, one.account, one.charges) == ("cluster", "quay", 3), "not by its 4 parts"
    assert one.effective_cost == Decimal("7.25")
    found = lines(snapshot, beside.bills, Wanted(where={"is_estimate": True}))
    assert found.count == 4
    assert sum(row["effective_cost"] for row in found.table.to_pylist()) == one.effective_cost


def page_of(open_page: OpenPage, found: Workspace, view: str, **address: str) -> AppTest:
    page = open_page(found.folder)
    page.switch_page(view)
    for key, value in address.items():
        page.query_params[key] = value
    page.run(timeout=120)
    assert not page.exception, page.exception[0].message
    return page


def test_pages_say_what_billed_cost_leaves_out_and_show_its_lines(
    open_page: OpenPage, beside: Workspace
) -> None:
    opened = {"cost": "billed", "open": "estimate:cluster/quay/2026-01/EUR"}
    page = page_of(open_page, beside, "views/leadership/cost_overview.py", **opened)
    words = said(page).replace("\\", "")
    assert "Estimates of 1 source (cluster), **3 charges**, are not part of billed cost" in words
    assert ":material/check_circle: 4 lines = **7.25 EUR**" in words
    assert "No bill tells" not in words
    assert "a bill does not tell it" not in words
    page = page_of(open_page, beside, "views/team/team_cost.py", team="web", cost="billed")
    assert {one.value for one in page.metric[:5]} == {"–"}
    assert "nothing is billed here" in {one.value for one in page.caption}
    assert not any("not known" in one.value for one in page.caption)


def test_a_page_of_estimates_alone_says_that_nothing_is_billed(
    open_page: OpenPage, beside: Workspace
) -> None:
    alone = {"bills": "cluster", "cost": "billed"}
    page = page_of(open_page, beside, "views/finance/allocation.py", **alone)
    tiles = {one.label: one.value for one in page.metric}
    assert {tiles[name] for name in tiles if "billed" in name.lower()} == {"–"}
    assert "Nothing was ever billed of what is chosen here." in said(page)
    assert "a bill does not tell it" not in said(page)


def test_the_command_tells_the_sum_of_the_bills(beside: Workspace) -> None:
    done = run(beside.folder, "cost", "allocate", "--format", "json")
    assert json.loads(done.stdout)["sums"] == {
        "EUR": {"billed_cost": "10", "effective_cost": "8.375"}
    }
    told = run(beside.folder, "cost", "allocate").stdout
    assert "\n3 charges are estimates: nothing of it is part of billed cost\n" in told


def test_the_command_says_that_its_export_has_rows_that_are_never_billed(
    beside: Workspace, tmp_path: Path
) -> None:
    done = run(beside.folder, "cost", "allocate", "--export", str(tmp_path / "e.csv"))
    assert "4 of them are estimates without a billed cost, which readers of FOCUS may refuse" in (
        done.stderr
    )


def test_a_pool_into_which_only_estimates_fell_shows_no_zero(
    open_page: OpenPage, beside: Workspace
) -> None:
    page = page_of(open_page, beside, "views/finance/allocation.py", cost="billed")
    shown = table(page, "Fell in")
    cluster = line(shown, "Pool", "cluster")
    assert (cluster["Fell in"], cluster["To teams"]) == (None, None)
    assert cluster["Was split"] != "nothing fell in"
