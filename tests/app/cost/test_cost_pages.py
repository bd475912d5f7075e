"""Cost overview and Team cost, as a reader meets them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost.money import amount_column, short
from app.components.cost.overview_tiles import change
from data.costs.anomaly.answered import about
from data.costs.anomaly.finding import find
from data.decisions.book import Book
from data.decisions.budget import Wanted, set_budget
from data.decisions.cost_anomaly import Verdict, say
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.conftest import OpenPage
from tests.data.costs.paid import each_day, pay

JUMP = date(2026, 3, 10)
OVERVIEW, TEAM = "views/leadership/cost_overview.py", "views/team/team_cost.py"
OpenView = Callable[..., AppTest]


@pytest.fixture
def open_view(open_page: OpenPage, billed: Workspace) -> OpenView:
    """Opens a page of costs as a link would."""

    def opened(view: str, folder: Path = billed.folder, **address: str) -> AppTest:
        page = open_page(folder)
        page.switch_page(view)
        for key, value in address.items():
            page.query_params[key] = value
        page.run(timeout=120)
        assert not page.exception, page.exception[0].message
        return page

    return opened


def words(page: AppTest) -> str:
    """All that the page says in its main part."""
    said = (*page.markdown, *page.caption, *page.header, *page.title, *page.warning, *page.info)
    return " ".join(one.value for one in said).replace("\\", "")


def metrics(page: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in page.metric}


@pytest.mark.parametrize("view", [OVERVIEW, TEAM])
def test_without_bills_a_page_says_what_to_write(
    open_view: OpenView, harbour: Path, view: str
) -> None:
    page = open_view(view, harbour)
    assert [one.value for one in page.header] == ["No bill was read yet"]
    assert 'kind = "bills"' in page.code[0].value


@pytest.mark.parametrize("view", [OVERVIEW, TEAM])
def test_a_page_says_why_its_sum_is_right_and_what_is_not_in_it(
    open_view: OpenView, view: str
) -> None:
    page = open_view(view, team="web")
    assert "adds up exactly" in words(page)
    assert "**40.00 USD**" in words(page), "the other currency is in sight"
    assert "name its currency" in words(page)
    assert "Not known of 3 of 4" in words(page), "files with refused rows"
    assert "**Each row of the bills is counted**" in words(page)


def test_the_overview_begins_with_the_newest_month_and_what_nobody_has(
    open_view: OpenView,
) -> None:
    page = open_view(OVERVIEW)
    shown = metrics(page)
    assert shown["Our effective cost, EUR"] == "1,030"
    assert shown["Unallocated"] == "93.90"
    assert "9.1 % of our cost" in words(page)
    assert "**March 2026**" in words(page)
    table = parts_of(page, "Team")
    assert list(table["Team"]) == ["Payments", "Web", "Unallocated", "Unallocatable"]
    assert table["Share"].sum() == pytest.approx(100)


def parts_of(page: AppTest, head: str) -> pd.DataFrame:
    """The table with such a column."""
    return next(one.value for one in page.dataframe if head in one.value.columns)


@pytest.mark.parametrize("by", ["service", "category", "provider", "activity"])
def test_a_link_says_by_what_the_overview_is_cut(open_view: OpenView, by: str) -> None:
    table = parts_of(open_view(OVERVIEW, by=by, stacked=by, cost="billed"), by.capitalize())
    assert float(table["Cost"].sum()) == 1030


def test_each_part_opens_the_lines_that_add_up_to_it(open_view: OpenView) -> None:
    page = open_view(OVERVIEW, open="part-team:unallocated")
    said = words(page)
    assert "Lines behind Unallocated, in EUR" in said
    assert "2 lines = **93.90 EUR**" in said
    assert "does not add up" not in said
    lines = parts_of(page, "Row")
    assert set(lines["File"]) == {"cloud/2026-03.csv"}
    assert list(lines["Row"]) == [6, 7]


def test_lines_of_a_service_leave_out_what_is_not_our_cost(open_view: OpenView) -> None:
    page = open_view(OVERVIEW, by="service", open="part-service:Machines")
    cost = parts_of(page, "Service").set_index("Service").loc["Machines", "Cost"]
    assert f"= **{cost:,.2f} EUR**" in words(page)
    assert "does not add up" not in words(page)


def test_what_the_figure_is_of_is_not_told_again_of_each_line(open_view: OpenView) -> None:
    of_service = parts_of(open_view(OVERVIEW, by="service", open="part-service:Disks"), "Row")
    assert ("Service" in of_service, "Tags" in of_service) == (False, True)
    of_team = parts_of(open_view(OVERVIEW, open="part-team:web"), "Row")
    assert ("Service" in of_team, "Team" in of_team) == (True, False)


@pytest.mark.parametrize("by", ["service", "category", "provider", "activity"])
def test_a_charge_that_is_split_counts_once(open_view: OpenView, by: str) -> None:
    """March has 11 charges in EUR that are ours; three of them are split between the teams."""
    table = parts_of(open_view(OVERVIEW, by=by), by.capitalize())
    assert table["Charges"].sum() == 11
    assert "Parts" not in table
    if by == "service":
        assert dict(zip(table["Service"], table["Charges"], strict=True))["Support"] == 1


def test_where_parts_of_a_charge_lie_apart_they_are_called_parts(open_view: OpenView) -> None:
    for view, address in ((OVERVIEW, {}), (TEAM, {"team": "web"})):
        table = parts_of(open_view(view, **address), "Share")
        assert ("Parts" in table, "Charges" in table) == (True, False)
    page = open_view(OVERVIEW, by="service", open="part-service:Support")
    assert "4 lines = **90.00 EUR**. A charge that is split has a line for each part." in words(
        page
    )
    assert "A charge that is split" not in words(open_view(OVERVIEW, open="part-team:unallocated"))


def test_a_team_sees_its_bill_its_pools_and_what_nobody_has(open_view: OpenView) -> None:
    page = open_view(TEAM, team="web")
    assert "**Web** · **March 2026**" in words(page)
    shown = metrics(page)
    parts = [float(shown[name].replace(",", "")) for name in ("Direct", "Shared", "Idle")]
    whole = float(shown["Effective cost, EUR"].replace(",", ""))
    assert sum(parts) == pytest.approx(whole, abs=2)
    pools = parts_of(page, "Ratio")
    assert set(pools["Pool"]) == {"Support of the provider", "Cluster", "Unused commitments"}
    assert "disk-7" in list(parts_of(page, "Tags")["Resource"])
    assert "Of all teams, whichever is chosen" in words(page)


def test_what_nobody_has_in_all_months_says_in_which(open_view: OpenView) -> None:
    page = open_view(TEAM, team="web", month="all", currency="EUR")
    shown = parts_of(page, "Tags")
    assert list(shown["Resource"]) == ["disk-7"] * 3
    assert sorted(shown["Month"]) == ["2026-01", "2026-02", "2026-03"]
    assert "Month" not in parts_of(open_view(TEAM, team="web"), "Tags")


def test_a_part_of_a_pool_opens_its_lines(open_view: OpenView) -> None:
    page = open_view(TEAM, team="web", open="pool:support/web/fixed")
    assert "1 line = **27.00 EUR**" in words(page)


def test_all_months_are_one_sum_without_a_comparison(open_view: OpenView) -> None:
    page = open_view(OVERVIEW, month="all")
    assert metrics(page)["Our effective cost, EUR"] == "2,790"
    assert "choose a month to compare" in words(page)


@pytest.fixture
def jumping(tmp_path: Path) -> Workspace:
    """A company whose machines cost three times as much on five days of March, over its budget."""

    def cost(day: date) -> float:
        return 300.0 if JUMP <= day < JUMP + timedelta(days=5) else 100.0

    workspace = pay(tmp_path, each_day(date(2025, 12, 1), date(2026, 4, 1), cost), date(2026, 4, 3))
    by = ("finance", "plan")
    for team, amount in (("pay", "3500"), (None, "9000")):
        wanted = Wanted(team, None, Decimal(amount), "EUR", date(2026, 1, 1))
        set_budget(Book(tmp_path), wanted, by)
    return workspace


def test_a_budget_that_is_over_is_said_on_top(open_view: OpenView, jumping: Workspace) -> None:
    page = open_view(TEAM, jumping.folder, team="pay", month="2026-03")
    assert "Budgets of March 2026: **pay** over 3,500.00 EUR." in words(page)
    of_all = words(open_view(TEAM, jumping.folder, team="pay", month="all"))
    assert "Budgets of March 2026: **pay** over 3,500.00 EUR." in of_all, "it names its month"
    budgets = parts_of(page, "Budget")
    assert list(budgets["State"]) == ["✗ over"]
    assert float(budgets["Spent"].item()) == 4100
    everybody = parts_of(open_view(OVERVIEW, jumping.folder, month="2026-03"), "Budget")
    assert list(everybody["State"]) == ["✓ under", "✗ over"]


def test_a_month_without_a_budget_says_how_to_decide_one(
    open_view: OpenView, jumping: Workspace
) -> None:
    page = open_view(TEAM, jumping.folder, team="web", month="2026-03")
    assert "No budget is set for March 2026" in words(page)
    assert any("--from 2026-03 --team web" in one.value for one in page.code)


def test_unusual_cost_is_listed_and_explained_on_the_page(
    open_view: OpenView, jumping: Workspace
) -> None:
    page = open_view(TEAM, jumping.folder, team="pay", month="2026-03")
    assert "**1 unusual** in March 2026" in words(page)
    assert "**1 open**" in words(page)
    row = parts_of(page, "Usual")
    assert (float(row["Amount"].item()), row["What"].item()) == (1000, "more")
    address = {"team": "pay", "month": "2026-03", "open": f"unusual:{row['Id'].item()}"}
    page = open_view(TEAM, jumping.folder, **address)
    assert "**1,000.00 EUR** more than usual" in words(page)
    page.text_input(key=f"why {row['Id'].item()}").set_value("a test of the load")
    next(one for one in page.button if one.label == "Explain").click().run(timeout=120)
    assert not page.exception
    assert "It is explained" in " ".join(one.value for one in page.success)
    after = parts_of(page, "Usual")
    assert (after["State"].item(), after["Said"].item()) == ("✓ explained", "a test of the load")


def test_who_answered_first_is_not_told_where_names_are_hidden(
    open_view: OpenView, jumping: Workspace
) -> None:
    page = open_view(TEAM, jumping.folder, team="pay", month="2026-03")
    one = parts_of(page, "Usual")["Id"].item()
    address = {"team": "pay", "month": "2026-03", "open": f"unusual:{one}"}
    page = open_view(TEAM, jumping.folder, **address)
    with closing(SnapshotReader(jumping)) as reader, reader.reading() as snapshot:
        (found,) = (each for each in find(snapshot).anomalies if each.id == one)
    told = about(found, "EUR")
    say(Book(jumping.folder), told, Verdict.EXPLAINED, ("hidden-hilda", "a test of the load"))
    page.text_input(key=f"why {one}").set_value("the same")
    next(each for each in page.button if each.label == "Explain").click().run(timeout=120)
    (refused,) = page.error
    assert "was explained by somebody already" in refused.value
    assert "hidden-hilda" not in words(page) + refused.value


def test_another_month_and_another_team_have_nothing_unusual(
    open_view: OpenView, jumping: Workspace
) -> None:
    page = open_view(TEAM, jumping.folder, team="web", month="2026-03")
    assert "Nothing is unusual in March 2026, of 0 series" in words(page)
    assert "of 1 series" in words(open_view(TEAM, jumping.folder, team="pay", month="2026-03"))


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [(110, 100, "+10.0 %"), (90, 100, "−10.0 %"), (100, 100, "±0.0 %"), (5, 0, "from nothing"),
     (0, 0, "still nothing"), (5, -5, "from a credit")],
)  # fmt: skip
def test_a_change_is_told_in_percents_where_there_are_any(now: int, before: int, told: str) -> None:
    assert change(Decimal(now), Decimal(before)) == told


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [("149.69", "EUR", "149.69"), ("-3.5", "EUR", "-3.50"), ("398", "EUR", "398"),
     ("0", "EUR", "0"), ("25081.65", "EUR", "25,082"), ("2500000", "EUR", "2.50 m"),
     ("149.69", "JPY", "150"), ("3.5", "KWD", "3.500")],
)  # fmt: skip
def test_a_small_amount_has_the_digits_of_its_currency_so_that_tiles_add_up(
    amount: str, currency: str, told: str
) -> None:
    assert short(Decimal(amount), currency) == told


def test_a_column_of_amounts_has_the_digits_of_its_currencies() -> None:
    found = [amount_column(*named)["type_config"]["format"] for named in (["JPY"], ["JPY", "EUR"])]
    assert found == ["%,.0f", "%,.2f"]
