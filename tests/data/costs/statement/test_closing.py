"""A closed month stays as it was, whatever bills say later; and nothing is lost by that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.update import rebuild
from data.configuration import load
from data.costs.statement.closing import close, statement_of
from data.costs.statement.content import Kind
from data.costs.statement.refusal import (
    CloseRefused,
    NoStatement,
    StatementBlocked,
    StatementDamaged,
)
from data.decisions.book import Book
from data.decisions.cost_period import KIND, closings
from data.ledger.ledger import Ledger
from data.store.retention import pinned
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions
from tests.data.costs.statement.months import (
    BY,
    NOVEMBER,
    OCTOBER,
    ORGANISATION,
    SEPTEMBER,
    charge,
    closed,
    deliver,
    synced,
    teams,
    told,
    workspace,
)

AUGUST = date(2025, 8, 1)


@pytest.fixture
def found(tmp_path: Workspace) -> Workspace:
    """September and October are billed."""
    made = workspace(tmp_path)  # type: ignore[arg-type]
    deliver(made, "september.csv", *FIRST)
    deliver(made, "october.csv", charge(OCTOBER, "7", "web"))
    return made


FIRST = (charge(SEPTEMBER, "10", "pay"), charge(SEPTEMBER, "4", "web"), charge(SEPTEMBER, "2"))


def replaced(found: Workspace) -> None:
    """A newer bill of the month, with other amounts and one row more."""
    rows = [charge(SEPTEMBER, "12", "pay"), *FIRST[1:], charge(SEPTEMBER, "0.005", "web")]
    deliver(found, "september-2.csv", *rows, at=9)


def appended(found: Workspace) -> None:
    """Bills hold beside one another, and one more comes."""
    text = found.configuration.read_text(encoding="utf-8")
    found.configuration.write_text(text.replace("replacement", "append"), encoding="utf-8")
    deliver(found, "more.csv", charge(SEPTEMBER, "-3", "pay", ChargeClass="Correction"), at=9)


def fewer(found: Workspace) -> None:
    """A newer bill of the month has fewer rows."""
    deliver(found, "september-2.csv", FIRST[0], at=9)


def retagged(found: Workspace) -> None:
    """The same charges are other teams'."""
    rows = (
        charge(SEPTEMBER, "10", "web"),
        charge(SEPTEMBER, "4", "web"),
        charge(SEPTEMBER, "2", "pay"),
    )
    deliver(found, "september-2.csv", *rows, at=9)


def ruled(found: Workspace) -> None:
    """The rules give everything to one team."""
    path = found.folder / "rules.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('team_from = "tag.team"', 'team = "pay"'), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        (replaced, {"pay": Decimal(2), "web": Decimal("0.005")}),
        (appended, {"pay": Decimal(-3)}),
        (fewer, {"web": Decimal(-4), "unallocated": Decimal(-2)}),
        (retagged, {"pay": Decimal(-8), "web": Decimal(10), "unallocated": Decimal(-2)}),
        (ruled, {"pay": Decimal(6), "web": Decimal(-4), "unallocated": Decimal(-2)}),
    ],
)
def test_what_changes_after_the_close_is_charged_in_the_next_month(
    found: Workspace, change: Callable[[Workspace], None], changes: dict[str, Decimal]
) -> None:
    closing = closed(found, SEPTEMBER)
    before = told(found, SEPTEMBER)
    change(found)
    after, october = told(found, SEPTEMBER), told(found, OCTOBER)
    assert after.written() == before.written()
    assert closings(Book(found.folder)).all == (closing,)
    corrected = teams(
        replace(october, lines=tuple(o for o in october.lines if o.kind is Kind.CHANGE)),
        exact=True,
    )
    assert corrected == {f"{who} of 2025-09": amount for who, amount in changes.items()}
    with synced(found) as snapshot:
        ((bills,),) = (
            row.values() for row in snapshot.rows("select sum(billed_cost) from bill_in_effect")
        )
    charged = [line.exact for one in (after, october) for line in one.lines]
    assert sum(charged) == bills


def test_what_was_corrected_once_is_not_corrected_again(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    replaced(found)
    deliver(found, "november.csv", charge(NOVEMBER, "1", "pay"))
    closed(found, OCTOBER)
    assert teams(told(found, NOVEMBER)) == {"pay": Decimal(1)}
    deliver(found, "september-3.csv", *FIRST, at=20)
    assert teams(told(found, NOVEMBER), exact=True) == {
        "pay": Decimal(1),
        "pay of 2025-09": Decimal(-2),
        "web of 2025-09": Decimal("-0.005"),
    }


def test_only_the_first_open_month_has_corrections(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    replaced(found)
    deliver(found, "november.csv", charge(NOVEMBER, "1", "pay"))
    assert teams(told(found, NOVEMBER)) == {"pay": Decimal(1)}


def test_bills_that_come_for_a_month_before_are_corrections_too(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    deliver(found, "august.csv", charge(AUGUST, "5", "pay"))
    assert teams(told(found, OCTOBER)) == {"web": Decimal(7), "pay of 2025-08": Decimal(5)}
    said = "2025-08 has no statement: 2025-09 was closed while it had none"
    with pytest.raises(NoStatement, match=said):
        told(found, AUGUST)
    with pytest.raises(NoStatement, match=said):
        closed(found, AUGUST)


def test_a_rebuild_moves_nothing(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    before = told(found, SEPTEMBER).written()
    replaced(found)
    rebuild(found, lambda *_: None)
    assert told(found, SEPTEMBER).written() == before


def test_the_decision_holds_the_hash_and_is_in_the_log(found: Workspace) -> None:
    closing = closed(found, SEPTEMBER)
    (decision,) = Book(found.folder).decisions(kind=KIND)
    assert (decision.subject, decision.act, decision.actor) == ("2025-09", "close", BY[0])
    assert decision.value["totals"] == {"EUR": "16.00"}
    assert decision.value["sha256"] == closing.sha256
    settings = load(found.configuration).ledger
    log_decisions(found, settings)
    (entry,) = Ledger(found.folder, settings).find(f"decision:{decision.id}")
    assert entry.event is not None
    assert entry.event.kind == "decision.cost_period"


def test_the_snapshot_of_a_closing_stays_with_its_lines(found: Workspace) -> None:
    closing = closed(found, SEPTEMBER)
    assert pinned(found) == {closing.snapshot}


def test_a_month_is_closed_once(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    with pytest.raises(CloseRefused, match="2025-09 is closed at 2026-01-10 09:00 UTC"):
        closed(found, SEPTEMBER)
    settings = found.configuration.read_text(encoding="utf-8")
    found.configuration.write_text(f'{settings}[governance]\nnames = "shown"\n', encoding="utf-8")
    with pytest.raises(CloseRefused, match="2025-09 is closed, by Rana Example at 2026-01-10"):
        closed(found, SEPTEMBER)


def test_a_month_that_is_not_over_is_not_closed(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    with pytest.raises(CloseRefused, match="2025-10: it is not over"):
        closed(found, OCTOBER, datetime(2025, 10, 31, 23, 59, tzinfo=UTC))


def test_a_bill_that_was_written_while_its_month_ran_is_not_final(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    deliver(made, "early.csv", charge(SEPTEMBER, "10", "pay"), at=-100 * 86_400)
    with pytest.raises(CloseRefused, match="the bill of account-1 was written on 2025-09-2"):
        closed(made, SEPTEMBER)
    deliver(made, "final.csv", charge(SEPTEMBER, "12", "pay"))
    assert closed(made, SEPTEMBER).month == SEPTEMBER


def test_months_are_closed_in_their_order(found: Workspace) -> None:
    with pytest.raises(
        CloseRefused, match="2025-10: 2025-09 comes before, has bills and is not closed"
    ):
        closed(found, OCTOBER)


def test_a_month_without_bills_lets_the_next_be_closed(found: Workspace) -> None:
    deliver(found, "july.csv", charge(date(2025, 7, 1), "1", "pay"))
    closed(found, date(2025, 7, 1))
    assert teams(told(found, SEPTEMBER))["pay"] == Decimal(10)
    with pytest.raises(CloseRefused, match=r"no bill of account-1 \(bills, last of 2025-07\)"):
        closed(found, SEPTEMBER)
    closed(found, SEPTEMBER, without=["account-1"])
    with pytest.raises(NoStatement, match="2025-08 has no statement"):
        closed(found, AUGUST)


def test_a_month_without_bills_is_not_closed(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    closed(found, OCTOBER)
    with pytest.raises(NoStatement, match="there are no bills of 2025-11"):
        closed(found, NOVEMBER)


def test_a_broken_check_keeps_it_open_and_a_closed_month_readable(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    before = told(found, SEPTEMBER)
    settings = found.configuration.read_text(encoding="utf-8")
    again = '[[source]]\nkind = "bills"\nname = "twice"\npath = "bills"\ndelivery = "append"\n'
    found.configuration.write_text(settings + again, encoding="utf-8")
    with pytest.raises(StatementBlocked, match="told by bills, twice"):
        closed(found, OCTOBER)
    assert told(found, SEPTEMBER) == before


def test_nobody_closes_without_a_name_and_a_reason(found: Workspace) -> None:
    with synced(found) as snapshot:
        for by in (("", "why"), ("Rana Example", " ")):
            with pytest.raises(CloseRefused, match="somebody who decides it, and a reason"):
                close(found, snapshot, ORGANISATION, SEPTEMBER, by)


def test_what_is_kept_and_changed_is_told(found: Workspace) -> None:
    sha256 = closed(found, SEPTEMBER).sha256
    path = found.archive / "objects" / sha256[:2] / f"{sha256[2:]}.zst"
    path.write_bytes(b"")
    with synced(found) as snapshot, pytest.raises(StatementDamaged, match="from a backup"):
        statement_of(found, snapshot, ORGANISATION, SEPTEMBER)
