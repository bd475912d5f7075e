"""Exports that tell one amount each: billed cost of one alone is unknown, and of both is known."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.reports.pdf import NotSet
from app.reports.statement.answer import as_json
from app.reports.statement.document import as_document
from app.reports.statement.format import Format, export_of, written
from app.reports.statement.shown import Shown
from data.costs.bill.examining import examine
from data.costs.bill.form import form
from data.costs.export.focus import export
from data.costs.statement.content import read
from data.costs.statement.refusal import CloseRefused, NoStatement, StatementBlocked
from data.store.workspace import Workspace
from data.trail.exported import Through
from tests.app.cli.running import run
from tests.data.costs.bill.native.exports import AZURE, allocation
from tests.data.costs.statement.months import (
    charge,
    closed,
    deliver,
    synced,
    teams,
    told,
    workspace,
)

JANUARY = date(2026, 1, 1)
RESERVED = AZURE | {"ReservationId": "r-1", "PricingModel": "Reservation"}
ACTUAL = AZURE, RESERVED | {"ChargeType": "Purchase", "CostInBillingCurrency": "30"}
AMORTISED = AZURE, RESERVED | {"ChargeType": "UnusedReservation", "CostInBillingCurrency": "0.25"}


def test_what_is_billed_is_unknown_until_a_bill_tells_it(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "amortised.csv", *AMORTISED)
    with pytest.raises(StatementBlocked, match="billed cost is not known of 2026-01 7000001 EUR"):
        told(found, JANUARY)
    deliver(found, "actual.csv", *ACTUAL)
    statement = told(found, JANUARY)
    assert sum(teams(statement).values()) == Decimal("31.25")
    assert [(one.billed, one.out) for one in statement.reconciled] == [(Decimal("31.25"),) * 2]
    assert [one.file for one in statement.bills] == ["bills/actual.csv"]
    with synced(found) as snapshot:
        export(snapshot, found.bills, tmp_path / "out.csv")
    again = {one.amount: one.sum for one in examine(tmp_path / "out.csv", form("focus")).totals}
    assert (again["BilledCost"], again["EffectiveCost"]) == (Decimal("31.25"), Decimal("1.5"))


CLUSTER = """
[[source]]
kind = "bills"
name = "cluster"
path = "cluster.json"
delivery = "replacement"
form = { currency = "EUR" }
"""


def clustered(folder: Path) -> Workspace:
    """A workspace with a source that estimates what two teams use of a cluster in January."""
    found = workspace(folder)
    with found.configuration.open("a", encoding="utf-8") as settings:
        settings.write(CLUSTER)
    some = [
        allocation(name, cost, properties={"cluster": "quay", "labels": {"team": name}})
        for name, cost in (("pay", 3.5), ("web", 1.25))
    ]
    told = {"data": [{str(one["name"]): one for one in some}]}
    (folder / "cluster.json").write_text(json.dumps(told), encoding="utf-8")
    return found


def test_what_is_estimated_blocks_nothing_and_is_told_apart(tmp_path: Path) -> None:
    found = clustered(tmp_path)
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    statement = told(found, JANUARY)
    assert teams(statement) == {"pay": Decimal(10)}
    assert {one.state for one in statement.checks} <= {"holds", "not_applicable"}
    assert [(one.team, one.account, one.effective) for one in statement.estimates] == [
        ("pay", "quay", Decimal("3.5")), ("web", "quay", Decimal("1.25"))
    ]  # fmt: skip
    assert read(statement.written()) == statement
    shown = json.loads(as_json(Shown(statement, None, "pay")))["estimated"]
    assert [(one["effective"], one["billed"]) for one in shown] == [
        ("3.5", "not told by this source")
    ]
    assert as_document(Shown(statement, None)).startswith(b"%PDF")
    done = run(tmp_path, "cost", "statement", "2026-01")
    assert "Estimated, and in no sum above" in done.stdout
    with synced(found) as snapshot:
        rows = snapshot.rows(
            """
            select "check", note
            from cost_check_row
            where account = 'quay'
              and state = 'not_applicable'
            order by 1
            """
        )
        (cost,) = snapshot.rows(
            "select sum(effective_cost) as sum, count(billed_cost) as billed "
            "from charge_day where account = 'quay'"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("billed_adds_up", None),
        ("both_amounts_told", "an estimate: this source never tells billed cost"),
    ]
    assert (cost["sum"], cost["billed"]) == (Decimal("4.75"), 0)


def test_a_team_with_estimates_alone_has_a_statement_that_says_so_and_no_amount(
    tmp_path: Path,
) -> None:
    found = clustered(tmp_path)
    deliver(found, "a.csv", charge(JANUARY, "10", "pay"))
    statement = told(found, JANUARY)
    shown = Shown(read(statement.written()), None, "web")
    answer = json.loads(as_json(shown))
    assert (answer["sums"], answer["reported"]["amount"]) == ([], None)
    assert answer["reported"]["why"] == "nothing is billed: all of it is estimated"
    assert [(one["effective"], one["billed"]) for one in answer["estimated"]] == [
        ("1.25", "not told by this source")
    ]
    assert [(one["what"], one["team"], one["amount"], one["exact"]) for one in answer["rows"]] == [
        ("estimate, nothing of it is billed", "web", None, None)
    ]
    for style in Format:
        assert written(shown, style), style
    assert export_of(shown, Format.CSV, Through.PAGE, None).rows == 1
    text = written(shown, Format.TEXT).decode()
    assert "nothing is billed: all of it is estimated" in text
    assert "comes to 0" not in text
    assert not Shown(statement, None, "pay").is_estimated
    with pytest.raises(NoStatement, match=r"`data` has nothing .*name one of: pay, web"):
        as_json(Shown(statement, None, "data"))


def test_a_month_of_estimates_alone_has_no_statement_and_holds_up_no_other(tmp_path: Path) -> None:
    found = clustered(tmp_path)
    deliver(found, "a.csv", charge(date(2026, 2, 1), "10", "pay"), at=6_000_000)
    with pytest.raises(NoStatement, match="2026-01: estimates alone, of which nothing is billed"):
        told(found, JANUARY)
    assert closed(found, date(2026, 2, 1), datetime(2026, 3, 3, tzinfo=UTC)).month.month == 2


def test_a_month_is_not_closed_on_billed_cost_that_was_told_while_it_ran(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "actual.csv", *ACTUAL, at=15 * 86_400)
    deliver(found, "amortised.csv", *AMORTISED, at=40 * 86_400)
    after = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(CloseRefused, match="the bill of 7000001 was written on 2026-01-16") as told:
        closed(found, JANUARY, after)
    assert told.value.where == "bills/actual.csv"
    deliver(found, "actual.csv", *ACTUAL, AZURE, at=41 * 86_400)
    assert closed(found, JANUARY, after).month == JANUARY


def test_a_month_that_comes_to_nothing_has_a_statement(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "a.csv", charge(JANUARY, "0", "pay"))
    assert told(found, JANUARY).lines == ()
    done = run(tmp_path, "cost", "statement", "2026-01")
    assert "all of it comes to 0" in done.stdout


def test_a_name_that_no_font_shows_is_told_in_one_line(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    deliver(found, "a.csv", charge(JANUARY, "1", "pay", ServiceName="a\x1bb"))
    with pytest.raises(NotSet, match="cannot be set as PDF"):
        as_document(Shown(told(found, JANUARY), None))
