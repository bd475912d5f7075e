"""A month is not closed in silence without the bill of an account that is due."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.configuration import load
from data.costs.statement.content import Missing
from data.costs.statement.refusal import CloseRefused
from data.decisions.book import Book
from data.decisions.cost_period import KIND, closings, record
from data.decisions.decision import digest
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions
from tests.data.costs.bill.bills import bill
from tests.data.costs.statement.months import (
    BY,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    charge,
    closed,
    deliver,
    teams,
    told,
    workspace,
)

SHIPS = {"BillingAccountId": "ships", "InvoiceId": "S-1"}
DUE = Missing("bills", "ships", SEPTEMBER)


@pytest.fixture
def found(tmp_path: Path) -> Workspace:
    """Two accounts are billed in September, which is closed, and one in October and November."""
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "ships.csv", charge(SEPTEMBER, "5", "web", **SHIPS))
    deliver(made, "october.csv", charge(OCTOBER, "7", "pay"))
    deliver(made, "november.csv", charge(NOVEMBER, "8", "pay"))
    closed(made, SEPTEMBER)
    return made


def test_a_month_that_lacks_the_bill_of_an_account_is_not_closed(found: Workspace) -> None:
    assert told(found, OCTOBER).missing == (DUE,)
    with pytest.raises(CloseRefused) as refused:
        closed(found, OCTOBER)
    assert str(refused.value) == (
        "2025-10: there is no bill of ships (bills, last of 2025-09); "
        "wait for it, or close the month with `--without bills/ships`"
    )


def test_with_its_bill_nothing_is_asked(found: Workspace) -> None:
    deliver(found, "ships-2.csv", charge(OCTOBER, "6", "web", **SHIPS))
    closed(found, OCTOBER)
    assert told(found, OCTOBER).missing == ()


def test_what_a_month_is_closed_without_is_kept_and_in_the_log(found: Workspace) -> None:
    closed(found, OCTOBER, without=["ships"])
    assert told(found, OCTOBER).missing == (DUE,)
    last = next(one for one in Book(found.folder).decisions(kind=KIND) if one.subject == "2025-10")
    assert last.value["without"] == [{"source": "bills", "account": "ships", "last": "2025-09"}]
    settings = load(found.configuration).ledger
    log_decisions(found, settings)
    (entry,) = Ledger(found.folder, settings).find(f"decision:{last.id}")
    assert entry.event is not None
    assert entry.event.after == digest(last), "a hash of all that was decided"


def test_the_bill_that_comes_late_is_charged_in_the_next_open_month(found: Workspace) -> None:
    closed(found, OCTOBER, without=["ships"])
    deliver(found, "ships-2.csv", charge(OCTOBER, "6", "web", **SHIPS))
    assert told(found, OCTOBER).missing == (DUE,), "a closed month stays as it was"
    assert teams(told(found, NOVEMBER)) == {"pay": 8, "web of 2025-10": 6}


def test_an_account_that_ended_is_asked_for_once(found: Workspace) -> None:
    closed(found, OCTOBER, without=["ships"])
    assert told(found, NOVEMBER).missing == ()
    closed(found, NOVEMBER)


def test_only_what_is_missing_can_be_left_out(found: Workspace) -> None:
    with pytest.raises(CloseRefused, match="no bill of `boats` is missing in 2025-10"):
        closed(found, OCTOBER, without=["ships", "boats"])


@pytest.mark.parametrize(
    ("ends", "is_due"),
    [
        pytest.param("2025-10-01", False, id="with-the-month-before"),
        pytest.param("2025-10-02", True, id="on-the-second-day-of-the-month"),
        pytest.param("2026-01-01", True, id="later"),
    ],
)
def test_of_a_source_that_ended_before_the_month_no_bill_is_due(
    tmp_path: Path, ends: str, is_due: bool
) -> None:
    made = workspace(tmp_path)
    with made.configuration.open("a", encoding="utf-8") as settings:
        settings.write(
            '[[source]]\nkind = "bills"\nname = "old"\npath = "old"\n'
            f'delivery = "replacement"\nends = {ends}\n'
        )
    (tmp_path / "old").mkdir()
    bill(tmp_path / "old", charge(SEPTEMBER, "5", "web", **SHIPS), name="ships.csv")
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "pay"))
    due = [Missing("old", "ships", SEPTEMBER)]
    assert list(told(made, OCTOBER).missing) == (due if is_due else [])


@pytest.fixture
def twice(tmp_path: Path) -> Workspace:
    """Two sources bill `main`, up to the end of September: one for a quarter, one for a month."""
    made = workspace(tmp_path)
    settings = made.configuration.read_text(encoding="utf-8")
    second = (
        '[[source]]\nkind = "bills"\nname = "cloud"\npath = "cloud"\ndelivery = "replacement"\n'
    )
    made.configuration.write_text(settings + second, encoding="utf-8")
    (tmp_path / "cloud").mkdir()
    main = {"BillingAccountId": "main"}
    quarter = {**main, "BillingPeriodEnd": "2025-10-01T00:00:00Z"}
    deliver(made, "quarter.csv", charge(JULY, "4", **quarter))
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "pay"))
    bill(tmp_path / "cloud", charge(SEPTEMBER, "5", **main), name="september.csv")
    closed(made, JULY)
    closed(made, SEPTEMBER)
    return made


JULY = date(2025, 7, 1)
MAIN, CLOUD = Missing("bills", "main", JULY), Missing("cloud", "main", SEPTEMBER)


def test_of_two_accounts_of_one_name_each_is_gone_without_for_itself(twice: Workspace) -> None:
    with pytest.raises(CloseRefused) as refused:
        closed(twice, OCTOBER, without=["cloud/main"])
    assert str(refused.value) == (
        "2025-10: there is no bill of main (bills, last of 2025-07); "
        "wait for it, or close the month with `--without bills/main`"
    )
    closed(twice, OCTOBER, without=["cloud/main", "bills/main"])
    assert set(told(twice, OCTOBER).missing) == {MAIN, CLOUD}


def test_a_name_that_two_sources_bill_says_whose_bill_it_is(twice: Workspace) -> None:
    with pytest.raises(CloseRefused) as refused:
        closed(twice, OCTOBER, without=["main"])
    assert str(refused.value) == (
        "`main` is an account of several sources (bills, cloud); say whose bill is missing: "
        "`--without bills/main --without cloud/main`"
    )


def test_nor_is_it_taken_for_the_one_that_is_missing_alone(twice: Workspace) -> None:
    deliver(twice, "main.csv", charge(OCTOBER, "4", BillingAccountId="main"))
    with pytest.raises(CloseRefused, match="say whose bill is missing: `--without cloud/main`"):
        closed(twice, OCTOBER, without=["main"])
    closed(twice, OCTOBER, without=["cloud/main"])
    assert told(twice, OCTOBER).missing == (CLOUD,)


def test_a_bill_of_another_source_is_not_missing(twice: Workspace) -> None:
    deliver(twice, "main.csv", charge(OCTOBER, "4", BillingAccountId="main"))
    with pytest.raises(CloseRefused, match="no bill of `bills/main` is missing in 2025-10"):
        closed(twice, OCTOBER, without=["cloud/main", "bills/main"])


def test_an_account_whose_name_has_a_stroke_is_known_by_its_name(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "5", BillingAccountId="cloud/main"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "pay"))
    closed(made, SEPTEMBER)
    closed(made, OCTOBER, without=["cloud/main"])
    assert [one.name for one in told(made, OCTOBER).missing] == ["bills/cloud/main"]


def test_a_decision_that_names_accounts_without_their_sources_is_read(tmp_path: Path) -> None:
    book = Book(workspace(tmp_path).folder)
    value = {"sha256": "0" * 64, "snapshot": "s", "totals": {}, "without": ["ships"]}
    record(book, OCTOBER, value, BY, lambda *_: None)
    assert [one.month for one in closings(book).all] == [OCTOBER]


def test_a_bill_of_a_longer_period_is_of_all_its_months(found: Workspace) -> None:
    quarter = {**SHIPS, "BillingPeriodEnd": "2025-12-01T00:00:00Z"}
    deliver(found, "ships-2.csv", charge(SEPTEMBER, "5", "web", **quarter), at=9)
    assert told(found, OCTOBER).missing == ()


def test_an_account_is_due_though_a_month_lay_between_of_which_nobody_has_a_bill(
    tmp_path: Path,
) -> None:
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "ships.csv", charge(SEPTEMBER, "5", "web", **SHIPS))
    deliver(made, "november.csv", charge(NOVEMBER, "8", "pay", BillingAccountId="other"))
    closed(made, SEPTEMBER)
    assert [one.account for one in told(made, NOVEMBER).missing] == ["account-1", "ships"]


def test_a_month_that_an_account_passed_over_is_asked_for(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "november.csv", charge(NOVEMBER, "8", "pay"))
    closed(made, SEPTEMBER)
    (one,) = told(made, NOVEMBER).missing
    assert one.last == SEPTEMBER


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        pytest.param("2025-08-01", "2025-10-01", id="two-months"),
        pytest.param("2025-09-15", "2025-10-15", id="from-mid-month"),
        pytest.param("2025-09-01", "2025-09-30", id="up-to-the-last-day"),
    ],
)
def test_the_next_bill_is_due_where_the_last_one_ends(tmp_path: Path, begin: str, end: str) -> None:
    made = workspace(tmp_path)
    period = {**SHIPS, "BillingPeriodStart": f"{begin}T00:00:00Z",
              "BillingPeriodEnd": f"{end}T00:00:00Z"}  # fmt: skip
    deliver(made, "ships.csv", charge(SEPTEMBER, "5", "web", **period))
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "pay"))
    deliver(made, "november.csv", charge(NOVEMBER, "7", "pay"))
    assert [one.account for one in told(made, OCTOBER).missing] == ["ships"]
    assert told(made, NOVEMBER).missing == (), "it is asked for once"
