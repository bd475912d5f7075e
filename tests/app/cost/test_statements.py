"""The page of statements: what is charged, as files; which months are closed, and closing one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.components.cost.statement_told import in_all
from app.reports.statement.format import Format, export_of, written
from app.reports.statement.shown import Shown, Sum
from connectors.update import update
from data.configuration import load
from data.costs.statement.closing import statement_of
from data.decisions.book import Book
from data.decisions.cost_period import closings
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from data.trail.exported import Through
from tests.app.cli.running import run
from tests.app.conftest import OpenPage
from tests.app.cost.test_allocation import line, table, told
from tests.app.organisation import publish_into
from tests.connectors.turns import silent
from tests.data.costs.bill.bills import bill
from tests.data.costs.statement import months
from tests.data.costs.statement.months import (
    OCTOBER,
    ORGANISATION,
    SEPTEMBER,
    charge,
    closed,
    deliver,
    synced,
    workspace,
)
from tests.data.costs.statement.test_views import JANUARY, clustered

PAGE = "views/finance/statements.py"
JULY = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _whole_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look at more than costs."""
    monkeypatch.setattr(months, "turn", lambda found: update(found, silent))


@pytest.fixture
def found(tmp_path: Path) -> Workspace:
    """September and October are billed and read; nothing is closed."""
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "10.004", "pay"), charge(SEPTEMBER, "2"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "web"))
    with synced(made):
        pass
    return made


def statements(open_page: OpenPage, folder: Path, **address: str) -> AppTest:
    page = open_page(folder)
    page.switch_page(PAGE)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def close_from(page: AppTest, reason: str, *, is_sure: bool) -> AppTest:
    page.text_input(key="why the month is closed").input(reason)
    if is_sure:
        page.checkbox[0].check()
    page.button[-1].click()
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def test_an_open_month_is_closed_from_the_page_with_a_reason_once(
    open_page: OpenPage, found: Workspace
) -> None:
    page = statements(open_page, found.folder)
    assert "No month is closed yet" in page.info[0].value
    months = table(page, "Can it be closed?")
    assert line(months, "Month", "2025-09")["Can it be closed?"] == "yes"
    assert line(months, "Month", "2025-10")["Can it be closed?"] == "no"
    why = next(
        one.value for one in page.markdown if "**2025-10** cannot be closed yet" in one.value
    )
    assert why.replace("\\", "") == (
        ":material/lock_open: **2025-10** cannot be closed yet: 2025-09 comes before, has bills "
        "and is not closed; close that first."
    ), "its own month once"
    sums = table(page, "Due")
    assert sums[["Whose", "Due"]].to_records(index=False).tolist() == [
        ("pay", 10),
        ("nobody yet", 2),
    ]

    page = close_from(page, "all invoices are in", is_sure=False)
    assert "tick the box" in page.error[0].value
    page = close_from(page, " ", is_sure=True)
    assert "A decision has a reason" in page.error[0].value
    assert not closings(Book(found.folder)).all

    page = close_from(page, "all invoices are in", is_sure=True)
    (closing,) = closings(Book(found.folder)).all
    assert page.success[0].value.startswith("September 2025 is closed, by ")
    assert line(table(page, "Charged in"), "Month", "2025-09")["State"] == "closed"
    assert closing.sha256 in told(page)
    assert not page.get("form")
    kinds = [one.kind for one in ledger(found).entries(Asked(kind="decision.*"))]
    assert len(kinds) == 1, "it stands in the log at once"


def test_a_month_that_lacks_a_bill_is_closed_from_the_page_without_it_by_a_tick(
    open_page: OpenPage, found: Workspace
) -> None:
    ships = {"BillingAccountId": "ships", "InvoiceId": "S-1"}
    deliver(found, "ships.csv", charge(SEPTEMBER, "5", "web", **ships))
    closed(found, SEPTEMBER)
    page = statements(open_page, found.folder, month="2025-10")
    months = table(page, "Can it be closed?")
    assert line(months, "Month", "2025-10")["Can it be closed?"] == "bills are missing"
    assert "No bill yet of **ships (bills, last of 2025-09)**" in told(page).replace("\\", "")
    page.checkbox[1].check()
    page = close_from(page, "all others are in", is_sure=False)
    assert "2025-10: there is no bill of ships" in page.error[0].value.replace("\\", "")
    assert len(closings(Book(found.folder)).all) == 1
    page = close_from(page, "all others are in", is_sure=True)
    assert page.success[0].value.startswith("October 2025 is closed, by ")
    assert "Closed without a bill of **ships" in told(page)


def test_two_accounts_of_one_name_have_a_tick_each(open_page: OpenPage, found: Workspace) -> None:
    settings = found.configuration.read_text(encoding="utf-8")
    second = (
        '[[source]]\nkind = "bills"\nname = "cloud"\npath = "cloud"\ndelivery = "replacement"\n'
    )
    found.configuration.write_text(settings + second, encoding="utf-8")
    (found.folder / "cloud").mkdir()
    main = {"BillingAccountId": "main"}
    quarter = {**main, "BillingPeriodEnd": "2025-10-01T00:00:00Z"}
    deliver(found, "main.csv", charge(JULY, "5", "web", **quarter))
    bill(found.folder / "cloud", charge(SEPTEMBER, "6", "web", **main), name="main.csv")
    closed(found, JULY)
    closed(found, SEPTEMBER)
    page = statements(open_page, found.folder, month="2025-10")
    of_bills, of_cloud, sure = page.checkbox
    assert of_bills.label == "Closed without a bill of main (bills, last of 2025-07)"
    assert of_cloud.label == "Closed without a bill of main (cloud, last of 2025-09)"
    of_cloud.check()
    sure.check()
    page = close_from(page, "the rest is in", is_sure=False)
    error = page.error[0].value.replace("\\", "")
    assert "2025-10: there is no bill of main (bills" in error
    assert "cloud" not in error
    page.checkbox[0].check()
    page = close_from(page, "the rest is in", is_sure=False)
    assert page.success[0].value.startswith("October 2025 is closed, by ")


def test_a_late_change_is_told_with_the_month_that_is_charged_for_it(
    open_page: OpenPage, found: Workspace
) -> None:
    closed(found, SEPTEMBER)
    deliver(found, "september-2.csv", charge(SEPTEMBER, "13.5", "pay"), at=9)
    with synced(found):
        pass
    page = statements(open_page, found.folder, month="2025-09")
    row = line(table(page, "Charged in"), "Month", "2025-09")
    assert (row["Charged in"], row["EUR"]) == ("2025-10", 12)
    assert row["Changed since"].startswith("+1.50 (+3.50 and ")
    page = statements(open_page, found.folder, month="2025-10")
    late = table(page, "Where from")
    assert set(late["Where from"]) == {"changed after the close"}
    assert set(late["What"]) == {"correction of 2025-09"}
    assert line(table(page, "Due"), "Whose", "pay")["Corrections"] == 3.5


def test_who_closed_a_month_is_hidden_where_names_are(
    open_page: OpenPage, found: Workspace
) -> None:
    closed(found, SEPTEMBER)
    page = statements(open_page, found.folder)
    assert "Rana Example" not in told(page)
    assert "Closed by" not in table(page, "Charged in").columns
    assert b"Rana Example" not in file(found, "json")
    text = found.configuration.read_text(encoding="utf-8")
    found.configuration.write_text(f'{text}\n[governance]\nnames = "shown"\n', encoding="utf-8")
    page = statements(open_page, found.folder)
    assert "Rana Example" in told(page)
    assert b'"by": "Rana Example"' in file(found, "json")


@pytest.mark.parametrize("team", [None, "pay"])
def test_files_are_to_the_byte_those_of_the_command_line(
    found: Workspace, team: str | None
) -> None:
    with SnapshotReader(found).reading() as snapshot:
        shown = Shown(*statement_of(found, snapshot, ORGANISATION, SEPTEMBER), team, False)
    for style in Format:
        assert written(shown, style) == file(found, style.value, team), style


def test_what_is_taken_out_stands_in_the_log(found: Workspace) -> None:
    content = file(found, "pdf", "pay")
    (entry,) = ledger(found).entries(Asked(kind="export.written"))
    assert entry.event is not None
    assert entry.event.subject == "statement 2025-09"
    data = entry.event.data
    assert (data["through"], data["title"]) == ("command line", "Statement 2025-09, pay as PDF")
    assert (data["byte_count"], data["filters"]["state"]) == (len(content), "open")
    with SnapshotReader(found).reading() as snapshot:
        shown = Shown(*statement_of(found, snapshot, ORGANISATION, SEPTEMBER))
    export = export_of(shown, Format.CSV, Through.PAGE, None)
    assert (export.rows, export.filters["team"]) == (2, None)


def test_a_damaged_month_is_named_on_every_page_of_costs(
    open_page: OpenPage, found: Workspace
) -> None:
    sha256 = closed(found, SEPTEMBER).sha256
    (found.archive / "objects" / sha256[:2] / f"{sha256[2:]}.zst").unlink()
    page = statements(open_page, found.folder, month="2025-10")
    assert any("There is no statement" in one.value for one in page.error)
    for view in (PAGE, "views/finance/allocation.py", "views/leadership/cost_overview.py"):
        page.switch_page(view)
        page.run()
        assert not page.exception, page.exception[0].message
        assert any("what was kept when it was closed" in one.value for one in page.error), view
        assert any("2025-09" in str(one.value.to_dict()) for one in page.dataframe), view


def test_without_bills_the_page_says_what_to_write(open_page: OpenPage, tmp_path: Path) -> None:
    publish_into(tmp_path, [])
    assert 'kind = "bills"' in statements(open_page, tmp_path).code[0].value


def test_what_is_estimated_is_shown_beside_and_alone_is_no_statement(
    open_page: OpenPage, tmp_path: Path
) -> None:
    found = clustered(tmp_path)
    with synced(found):
        pass
    page = statements(open_page, found.folder)
    assert "Nothing that was read is billed" in page.info[0].value
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    with synced(found):
        pass
    page = statements(open_page, found.folder)
    assert table(page, "Due")["Due"].tolist() == [10]
    (own, _) = estimated(page)
    assert (own["Whose"], own["Effective"]) == ("pay", "3.5")
    assert own["Billed"] == "not told by this source"
    page = statements(open_page, found.folder, team="web")
    assert "**Nothing is billed of this team**" in told(page)
    assert not any("Due" in one.value.columns for one in page.dataframe), "no amount is due"
    (own,) = estimated(page)
    assert (own["Whose"], own["Effective"]) == ("web", "1.25")


def estimated(page: AppTest) -> list[dict[str, Any]]:
    """What the statement lists as estimated; the strip lists estimates by source."""
    return next(
        one.value.to_dict("records")
        for one in page.dataframe
        if {"Whose", "Effective"} <= set(one.value.columns)
    )


def ledger(found: Workspace) -> Ledger:
    return Ledger(found.folder, load(found.configuration).ledger)


def file(found: Workspace, style: str, team: str | None = None) -> bytes:
    """What the command line writes."""
    path = found.folder / f"statement-{datetime.now(UTC):%H%M%S%f}.{style}"
    own = () if team is None else ("--team", team)
    asked = ("--format", style, "--output", str(path))
    done = run(found.folder, "cost", "statement", "2025-09", *own, *asked)
    assert done.exit_code == 0, done.stderr
    return path.read_bytes()


def test_the_statement_begins_with_what_teams_are_charged_and_what_is_left() -> None:
    found = [
        Sum("pay", True, "EUR", Decimal("10.00"), Decimal("-1.50")),
        Sum("web", True, "EUR", Decimal("2.00"), Decimal(0)),
        Sum("web", True, "JPY", Decimal(300), Decimal(0)),
        Sum("nobody yet", False, "EUR", Decimal("4.25"), Decimal(0)),
    ]
    assert in_all(found).replace("\\", "") == (
        "**Charged to teams: 10.50 EUR and 300 JPY** · nobody yet: 4.25 EUR"
    )
    assert in_all(found[:1], "Web").startswith("**Charged to Web: ")
    assert in_all([]) == ""
