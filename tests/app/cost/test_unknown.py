"""Where a bill does not tell a cost, no sum has it, and no page blames a rate that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost.unknown import why_none
from connectors.update import update
from data.costs.views.allocation import buckets, coverage, parts, rules
from data.costs.views.asked import Asked, Cost, answered
from data.costs.views.commitments import added
from data.costs.views.commitments import months as commitment_months
from data.costs.views.team import pooled
from data.costs.views.told import By, Told, months, paid, told_in, whole
from data.costs.views.told import parts as told_parts
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.data.costs.bill.bills import line
from tests.data.costs.bill.native.exports import AZURE
from tests.data.costs.test_building import delivered, workspace

JANUARY = date(2026, 1, 1)
EUROS = Asked(JANUARY, "EUR")
RESERVED = {"ReservationId": "r-1", "PricingModel": "Reservation"}
MACHINE = (
    "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001/resourceGroups/quay/"
    "providers/Microsoft.Compute/disks/crane"
)
ACTUAL = [
    AZURE | {"Tags": '"team": "pay"'},
    AZURE | {"Tags": "", "MeterCategory": "Machines"},
    AZURE | {"Tags": "", "MeterCategory": "Disks", "ResourceId": MACHINE},
    AZURE | RESERVED | {"ChargeType": "Purchase", "CostInBillingCurrency": "30"},
    AZURE | RESERVED | {"CostInBillingCurrency": "0"},
]
"""Billed cost alone: what is effective is in a file that was not brought."""


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One account tells both costs, of pay, web and nobody; another one billed cost alone."""
    folder = tmp_path_factory.mktemp("half")
    found = workspace(folder)
    both = [line(Tags='{"team": "pay"}'), line(Tags='{"team": "web"}'),
            line(Tags="", ServiceName="Disks"), line(Tags="")]  # fmt: skip
    delivered(folder, "both.csv", *both)
    delivered(folder, "actual.csv", *ACTUAL)
    update(found, lambda *_: None)
    return found


@pytest.fixture
def snapshot(half: Workspace) -> Iterator[Snapshot]:
    with closing(SnapshotReader(half)) as reader, reader.reading() as opened:
        yield opened


def billed(asked: Asked) -> Asked:
    return Asked(asked.month, asked.currency, asked.source, Cost.BILLED)


def of(snapshot: Snapshot, by: By, cost: Cost = Cost.EFFECTIVE) -> dict[str, Decimal | None]:
    told = told_in(snapshot, Asked(JANUARY, cost=cost))
    return {one.name or one.nobody or "": one.amount for one in told_parts(snapshot, told, by)}


def test_a_part_of_which_some_is_not_told_has_no_sum(snapshot: Snapshot) -> None:
    found = of(snapshot, By.TEAM)
    assert found["pay"] is None
    assert found["unallocated"] is None
    assert of(snapshot, By.TEAM, Cost.BILLED)["pay"] is not None
    told = told_in(snapshot, EUROS)
    sum_ = whole(told_parts(snapshot, told, By.SERVICE))
    assert (sum_.amount, sum_.lacking, sum_.untold > 0) == (None, 0, True)
    assert why_none(sum_) == "not known: a bill does not tell it"


def test_parts_that_are_told_keep_their_sum(snapshot: Snapshot) -> None:
    """Machines without a team are split between the two teams, Virtual Machines are pay's alone."""
    by_provider = of(snapshot, By.PROVIDER)
    assert by_provider["Cloud of Example"] == Decimal("4.5")
    assert by_provider["Microsoft"] is None


@pytest.mark.parametrize("is_reporting", [True, False])
def test_a_month_has_no_bar_where_the_bill_does_not_tell_it(
    snapshot: Snapshot, is_reporting: bool
) -> None:
    asked = Asked(JANUARY, None if is_reporting else "EUR")
    found = months(snapshot, Told(asked, "EUR", is_reporting), By.TEAM)[JANUARY]
    assert found["pay"].amount is None
    assert (found["pay"].lacking, found["pay"].untold > 0) == (0, True)
    (euros,) = paid(snapshot, Told(asked, "EUR", is_reporting))
    assert (euros.amount, euros.reported) == (None, None)


def test_a_pool_of_which_some_is_not_told_has_no_ratio(snapshot: Snapshot) -> None:
    (mine,) = pooled(snapshot, told_in(snapshot, EUROS).of("web"))
    assert (mine.amount, mine.whole, mine.ratio) == (None, None, None)
    assert {one.amount for one in parts(snapshot, EUROS)} == {None}


def test_a_rule_that_caught_what_is_not_told_is_unknown_and_one_that_caught_nothing_is_0(
    snapshot: Snapshot,
) -> None:
    found = {one.rule: one for one in rules(snapshot, EUROS)}
    assert (found["by-tag"].amount, found["by-tag"].share) == (None, None)
    assert found["by-tag"].charges == 5
    none = {one.rule: one for one in rules(snapshot, Asked(date(2025, 1, 1), "EUR"))}
    assert (none["by-tag"].charges, none["by-tag"].amount) == (0, Decimal(0))
    told = {one.rule: one.amount for one in rules(snapshot, billed(EUROS))}
    assert None not in told.values()


def test_coverage_buckets_and_nobody_know_no_half_sums(snapshot: Snapshot) -> None:
    by_cost = {one.cost: one for one in coverage(snapshot, EUROS)}
    effective = by_cost[Cost.EFFECTIVE]
    assert (effective.total, effective.unallocated, effective.share) == (None, None, None)
    assert by_cost[Cost.BILLED].share is not None
    assert set(buckets(snapshot, EUROS)[JANUARY].values()) == {None}
    assert None not in buckets(snapshot, billed(EUROS))[JANUARY].values()
    nobody = {row["thing"]: row["amount"]
              for row in answered(snapshot, "nobody_by", EUROS, by="account")}  # fmt: skip
    assert nobody == {"account-1": Decimal("1.125"), "7000001": None}
    assert [row["amount"] for row in answered(snapshot, "nobody_by_tag", EUROS)] == [None]


def test_a_commitment_whose_use_is_not_told_has_no_utilisation(snapshot: Snapshot) -> None:
    use = added(commitment_months(snapshot, EUROS))
    assert use.bought == 30
    assert use.unknown == {"used"}
    assert (use.used, use.whole, use.utilisation) == (None, None, None)


def opened(open_page: OpenPage, folder: Path, view: str, **address: str) -> AppTest:
    page = open_page(folder)
    page.switch_page(view)
    for key, value in address.items():
        page.query_params[key] = value
    page.run(timeout=120)
    assert not page.exception, page.exception[0].message
    return page


@pytest.mark.parametrize(
    "view",
    ["views/leadership/cost_overview.py", "views/team/team_cost.py", "views/finance/allocation.py"],
)
def test_pages_say_that_the_bill_does_not_tell_it_and_blame_no_rate(
    open_page: OpenPage, half: Workspace, view: str
) -> None:
    page = opened(open_page, half.folder, view, team="pay", stacked="provider")
    said = " ".join(one.value for one in (*page.caption, *page.markdown))
    assert "not known: a bill does not tell it" in said
    assert "1 month has no bar, since a bill does not tell it" in said
    assert "rate is missing" not in said
    assert "2025 is not known" not in said, "no other month is blamed"
    assert "no bill holds 2026-01-05" not in said.replace("\\", ""), (
        "one does, and does not tell it"
    )


def test_lines_behind_what_is_not_told_are_no_zero(open_page: OpenPage, half: Workspace) -> None:
    page = opened(open_page, half.folder, "views/finance/allocation.py", open="rule:1-by-tag")
    said = " ".join(one.value for one in page.markdown)
    assert "5 lines: the sum is not known, since a bill does not tell it of some" in said


def test_what_nobody_has_leads_to_the_console_of_its_provider(
    open_page: OpenPage, half: Workspace
) -> None:
    """Of all resources here one has an id that is known for what it is."""
    page = opened(open_page, half.folder, "views/team/team_cost.py", team="pay", cost="billed")
    links = next(t.value for t in page.dataframe if "Console" in t.value.columns)["Console"]
    assert [link for link in links if isinstance(link, str)] == [
        f"https://portal.azure.com/#resource{MACHINE}"
    ]
    page = opened(
        open_page, half.folder, "views/finance/allocation.py", by="tag", open="nobody-tag:="
    )
    tables = [one.value for one in page.dataframe if "Console" in one.value.columns]
    assert any(f"https://portal.azure.com/#resource{MACHINE}" in set(t["Console"]) for t in tables)


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """No bill tells effective cost of anything."""
    folder = tmp_path_factory.mktemp("untold")
    found = workspace(folder)
    delivered(folder, "actual.csv", *ACTUAL)
    update(found, lambda *_: None)
    return found


@pytest.mark.parametrize(
    ("view", "address", "its", "kept"),
    [
        ("views/leadership/cost_overview.py", {}, "Team", {"Cost", "Share"}),
        ("views/leadership/cost_overview.py", {"by": "service"}, "Charges", {"Cost", "Share"}),
        ("views/leadership/cost_overview.py", {"open": "part-team:pay"}, "Row",
         {"Cost", "Exactly"}),
        ("views/team/team_cost.py", {"team": "pay"}, "Service", {"Cost", "Share"}),
        ("views/team/team_cost.py", {"team": "pay"}, "Resource", {"Cost"}),
        ("views/finance/allocation.py", {}, "Matches", {"Cost", "Share"}),
        ("views/finance/allocation.py", {}, "Was split", {"Fell in", "To teams"}),
        ("views/finance/allocation.py", {"by": "tag", "open": "nobody-tag:="}, "Largest in file",
         {"Cost"}),
        ("views/finance/commitments.py", {}, "Commitment", {"Utilisation", "Used"}),
    ],
)  # fmt: skip
def test_a_column_stays_though_none_of_its_amounts_is_known(
    open_page: OpenPage,
    untold: Workspace,
    view: str,
    address: dict[str, str],
    its: str,
    kept: set[str],
) -> None:
    page = opened(open_page, untold.folder, view, **address)
    table = next(one.value for one in page.dataframe if its in one.value.columns)
    assert kept <= set(table.columns), "a dash says that it is not known; no column says nothing"
    assert table[sorted(kept)].isna().all().all()
