"""The page of how costs are allocated: what each part of it says of bills added up by hand."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost import checked, reconciliation
from app.components.cost.reconciled import of_several
from connectors.update import update
from data.costs.views.asked import Asked, answered
from data.costs.views.reconciled import Check, State, lines
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.app.cost.billed import CONFIGURATION, RULES, deliver
from tests.app.organisation import publish_into
from tests.data.costs.bill.bills import line as bill_line

PAGE = "views/finance/allocation.py"


def allocation(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    page.switch_page(PAGE)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def told(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


def table(page: AppTest, column: str) -> pd.DataFrame:
    """The first table that has a column."""
    return next(one.value for one in page.dataframe if column in one.value.columns)


def line(frame: pd.DataFrame, column: str, value: object) -> dict[str, Any]:
    (found,) = frame[frame[column] == value].to_dict("records")
    return found


def test_one_page_says_why_the_sum_is_right(open_page: OpenPage, billed: Workspace) -> None:
    page = allocation(open_page, billed.folder)
    words = told(page).replace("\\", "")
    assert "**1,100.00 EUR** in 12 rows of bills = direct 625.10 + shared 210.00 + " in words
    assert "**40.00 USD** in 1 row of bills = direct 40.00 · difference **0**" in words
    assert ":green-badge[:material/check_circle: adds up exactly]" in words
    reconciled = table(page, "Difference")
    assert reconciled["Difference"].tolist() == ["✓ 0", "✓ 0"]
    euros = line(reconciled, "Currency", "EUR")
    parts = ("Direct", "Shared", "Idle", "Unallocated", "Unallocatable", "Excluded")
    assert sum(euros[name] for name in parts) == euros["Bills"] == Decimal("1100.00")


def test_the_bills_say_what_holds_and_what_was_replaced(
    open_page: OpenPage, billed: Workspace
) -> None:
    bills = table(allocation(open_page, billed.folder, month="all"), "Replaced by")
    first = line(bills, "File", "cloud/2026-01-first.csv")
    assert (first["State"], first["Replaced by"]) == ("↷ replaced", "cloud/2026-01.csv")
    assert line(bills, "File", "hosting/again.csv")["State"] == "= came again"
    march = line(bills, "File", "cloud/2026-03.csv")
    assert (march["State"], march["Rows"], march["Refused"]) == ("✓ in effect", 13, 1)


def test_a_broken_check_is_told_on_top_with_its_rows(
    open_page: OpenPage, billed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Check("billed_adds_up", "Sums are those of the bills", State.BROKEN, 4, 1, 0)
    row = {"currency": "EUR", "account": "account-1", "amount_in": Decimal(7),
           "amount_out": Decimal("6.5"), "note": None, "state": "broken"}  # fmt: skip
    monkeypatch.setattr(reconciliation, "checks", lambda _: (check,))
    monkeypatch.setattr(checked, "against", lambda *_: [row])
    page = allocation(open_page, billed.folder)
    assert "1 of 2 checks broken" in told(page), "that of closed months stands beside it"
    assert "**Sums are those of the bills**: that is broken in 1 of 4" in page.error[0].value
    (shown,) = table(page, "One side").to_dict("records")
    assert (shown["Account"], shown["Difference"]) == ("account-1", "0.5")


def test_coverage_is_told_on_both_costs(open_page: OpenPage, billed: Workspace) -> None:
    page = allocation(open_page, billed.folder, month="2026-01")
    shown = {tile.label: tile.value for tile in page.metric}
    assert shown["Our effective cost, EUR"] == "830"
    assert shown["Coverage, effective"] == "88.7 %"  # 1 − 93.90 ÷ 830
    assert shown["Coverage, billed"] == "88.7 %"
    assert shown["Rows refused"] == "1"


def test_each_rule_says_what_it_caught_and_one_that_it_caught_nothing(
    open_page: OpenPage, billed: Workspace
) -> None:
    page = allocation(open_page, billed.folder)
    rules = table(page, "Matches")
    assert rules["Rule"].tolist() == [
        "tax", "sandbox", "unused", "by-tag", "support", "cluster", "never", "none"
    ]  # fmt: skip
    support = line(rules, "Rule", "support")
    assert (support["Charges"], support["Cost"]) == (1, Decimal("90.00")), "split, and counted once"
    assert support["Matches"] == "ServiceName = Support or Help*"
    assert support["Does"] == "into the pool Support of the provider"
    assert "Caught nothing: never." in told(page)
    never = line(rules, "Rule", "never")
    assert never["Matches"] == "BilledCost = 0 or > 1000; ServiceName = Fax"
    nothing = line(rules, "Rule", "none")
    assert (nothing["Charges"], nothing["Cost"]) == (2, Decimal("93.90"))
    assert rules["Cost"].sum() == Decimal("1100.00")
    assert rules["Share"].sum() == pytest.approx(100)


def test_a_pool_says_how_it_was_split_and_what_it_passed_on(
    open_page: OpenPage, billed: Workspace
) -> None:
    page = allocation(open_page, billed.folder, pool="support")
    pools = table(page, "Fell in")
    cluster = line(pools, "Pool", "Cluster")
    assert (cluster["Fell in"], cluster["From pools above"]) == (
        Decimal("120.00"), Decimal("18.00")
    )  # fmt: skip
    assert cluster["Was split"] == "by pipeline minutes, of which nothing is known, so evenly"
    ways = table(page, "Way")
    assert dict(zip(ways["Way"], ways["Cost"], strict=True)) == {
        "Support of the provider → Payments": Decimal("45.00"),
        "Support of the provider → Web": Decimal("27.00"),
        "Support of the provider → Cluster → Payments": Decimal("9.00"),
        "Support of the provider → Cluster → Web": Decimal("9.00"),
    }
    assert ways["Ratio"].sum() == pytest.approx(100)


@pytest.mark.parametrize(
    ("opened", "lines", "amount", "rows"),
    [
        ("rule:none", 2, "93.90", [6, 7]),
        ("rule:4-by-tag", 5, "625.10", [1, 2, 3, 10, 11]),
        ("part:2026-03/support/web", 1, "27.00", [4]),
        ("part:2026-03/support/cluster/web", 1, "9.00", [4]),
        ("nobody-account:account-1", 2, "93.90", [6, 7]),
        ("left:excluded/sandbox", 1, "70.00", [9]),
    ],
)
def test_every_figure_opens_the_rows_of_its_files(
    open_page: OpenPage, billed: Workspace, opened: str, lines: int, amount: str, rows: list[int]
) -> None:
    page = allocation(open_page, billed.folder, open=opened, pool="support")
    words = told(page).replace("\\", "")
    many = "1 line" if lines == 1 else f"{lines} lines"
    assert f":material/check_circle: {many} = **{amount} EUR**" in words
    shown = table(page, "Exactly")
    assert sorted(shown["Row"]) == rows
    assert set(shown["File"]) == {"cloud/2026-03.csv"}
    assert shown["Cost"].sum() == Decimal(amount)


@pytest.mark.parametrize(
    ("by", "column", "found"),
    [
        ("service", "Service", {"Disks": Decimal("93.90")}),
        ("tag", "Tag", {"stage": Decimal("60.90"), "no tag at all": Decimal("33.00")}),
        ("rule", "Reason", {"no rule matches": Decimal("93.90")}),
    ],
)
def test_what_nobody_has_is_told_by_what_a_rule_could_match(
    open_page: OpenPage, billed: Workspace, by: str, column: str, found: dict[str, Decimal]
) -> None:
    page = allocation(open_page, billed.folder, by=by)
    nobody = table(page, column)
    assert dict(zip(nobody[column], nobody["Cost"], strict=True)) == found


def test_a_rule_and_a_reason_of_one_name_do_not_open_each_other(
    open_page: OpenPage, billed: Workspace
) -> None:
    words = told(allocation(open_page, billed.folder, by="rule", open="rule:none"))
    assert words.count("**Lines behind ") == 1
    assert "**Lines behind what no rule matches**" in words
    page = allocation(open_page, billed.folder, by="rule", open="nobody-rule:none")
    words = told(page).replace("\\", "")
    assert words.count("**Lines behind ") == 1
    assert "**Lines behind what nobody has: no rule matches**" in words


def test_the_days_of_a_rule_are_told_of_all_months_alone(
    open_page: OpenPage, billed: Workspace
) -> None:
    assert "Last day" not in table(allocation(open_page, billed.folder), "Matches")
    every = table(allocation(open_page, billed.folder, month="all"), "Matches")
    assert str(line(every, "Rule", "by-tag")["Last day"]) == "2026-03-05"


def test_the_source_of_an_account_is_told_where_several_tell_of_it(billed: Workspace) -> None:
    with closing(SnapshotReader(billed)) as reader, reader.reading() as opened:
        first, *others = lines(opened, Asked())
    assert not of_several([first, *others])
    assert of_several([first, *others, replace(first, source="a copy")])


@pytest.mark.parametrize(("tag", "resource", "row"), [("stage=test", "disk-7", 6), ("=", None, 7)])
def test_resources_with_a_tag_or_without_any_name_their_row(
    open_page: OpenPage, billed: Workspace, tag: str, resource: str | None, row: int
) -> None:
    page = allocation(open_page, billed.folder, by="tag", open=f"nobody-tag:{tag}")
    (shown,) = table(page, "Largest in file").to_dict("records")
    assert (shown["Resource"], shown["Largest in file"], shown["Row"]) == (
        resource, "cloud/2026-03.csv", row
    )  # fmt: skip


def test_resources_of_all_months_say_of_which(open_page: OpenPage, billed: Workspace) -> None:
    opened = {"by": "tag", "open": "nobody-tag:stage=test"}
    every = table(allocation(open_page, billed.folder, month="all", **opened), "Largest in file")
    assert sorted(every["Month"]) == ["2026-01", "2026-02", "2026-03"]
    one = table(allocation(open_page, billed.folder, **opened), "Largest in file")
    assert "Month" not in one


def test_a_tag_may_be_called_anything(billed: Workspace) -> None:
    with closing(SnapshotReader(billed)) as reader, reader.reading() as opened:
        asked = Asked(currency="EUR")
        for name in ('"', "$", "", "a.b", "'"):
            assert not answered(opened, "nobody_resources", asked, tag=name, value="x")


def test_refused_rows_name_row_column_and_what_was_written(
    open_page: OpenPage, billed: Workspace
) -> None:
    page = allocation(open_page, billed.folder)
    refused = table(page, "Written")
    assert refused.iloc[0].to_dict() == {
        "File": "cloud/2026-01.csv", "Row": 13, "Column": "BilledCost", "Written": "5,00",
        "Why": "is no number", "Source": "cloud",
    }  # fmt: skip
    assert "**3 rows are refused**" in told(page)


def test_what_rules_let_nobody_have_says_why(open_page: OpenPage, billed: Workspace) -> None:
    left = table(allocation(open_page, billed.folder), "Effective")
    assert dict(zip(left["Rule"], left["Why"], strict=True)) == {
        "sandbox": "paid by the training budget",
        "tax": "nobody can do anything about a tax",
    }


def test_without_bills_the_page_says_what_to_write(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [])
    page = allocation(open_page, tmp_path)
    assert 'kind = "bills"' in page.code[0].value
    assert not page.dataframe


def test_bills_of_which_no_row_counts_say_why(open_page: OpenPage, tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    deliver(tmp_path, "cloud/a.csv", bill_line(BilledCost="1,5"))
    deliver(tmp_path, "hosting/b.csv", bill_line(BilledCost="none"))
    update(Workspace(tmp_path), lambda *_: None)
    page = allocation(open_page, tmp_path)
    assert page.header[0].value == "No row of the bills can be counted"
    assert table(page, "Written")["Written"].tolist() == ["1,5", "none"]
