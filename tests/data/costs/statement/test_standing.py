"""Each month says how it stands: closed and as it was kept, or open and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.statement.as_kept import as_kept
from data.costs.statement.closing import statement_of
from data.costs.statement.kept import Kept
from data.costs.statement.refusal import StatementDamaged
from data.costs.statement.standing import Moved, Standing, standings
from data.costs.views.reconciled import State, against
from data.decisions.book import Book
from data.decisions.cost_period import Closing, closings
from data.ledger.ledger import Ledger
from data.store.archive import Archive
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace
from data.trail.keeping import decisions
from tests.data.costs.statement.months import (
    NOVEMBER,
    OCTOBER,
    ORGANISATION,
    SEPTEMBER,
    charge,
    closed,
    deliver,
    synced,
    workspace,
)

NOW = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture
def found(tmp_path: Path) -> Workspace:
    """Three months are billed."""
    made = workspace(tmp_path)
    deliver(made, "september.csv", charge(SEPTEMBER, "10", "pay"), charge(SEPTEMBER, "4", "web"))
    deliver(made, "october.csv", charge(OCTOBER, "7", "web"))
    deliver(made, "november.csv", charge(NOVEMBER, "8", "web"))
    return made


def stands(found: Workspace, snapshot: Snapshot, now: datetime = NOW) -> dict[str, Standing]:
    made = standings(snapshot, closings(Book(found.folder)), Kept(found.archive), ORGANISATION, now)
    assert [one.month for one in made] == sorted((one.month for one in made), reverse=True)
    return {f"{one.month:%Y-%m}": one for one in made}


def file_of(found: Workspace, closing: Closing) -> Path:
    return found.archive / "objects" / closing.sha256[:2] / f"{closing.sha256[2:]}.zst"


def test_only_the_first_open_month_can_be_closed_and_others_say_why(found: Workspace) -> None:
    with synced(found) as snapshot:
        months = stands(found, snapshot)
        early = stands(found, snapshot, datetime(2025, 9, 30, tzinfo=UTC))
    assert [months[name].can_close for name in ("2025-09", "2025-10")] == [True, False]
    assert "2025-09 comes before, has bills" in str(months["2025-10"].why)
    assert "2025-09: it is not over" in str(early["2025-09"].why)
    assert as_kept(found).state is State.NOT_APPLICABLE


def test_what_changes_of_a_closed_month_says_where_it_is_charged(found: Workspace) -> None:
    first = closed(found, SEPTEMBER)
    rows = charge(SEPTEMBER, "4", "pay"), charge(SEPTEMBER, "11.005", "web")
    deliver(found, "september-2.csv", *rows, at=9)
    with synced(found) as snapshot:
        months = stands(found, snapshot)
    changed = (Moved(OCTOBER, "EUR", Decimal("7.005"), Decimal(-6), 2),)
    assert (months["2025-09"].closing, months["2025-09"].moved) == (first, changed)
    assert months["2025-09"].moved[0].amount == Decimal("1.005")
    assert (months["2025-10"].can_close, months["2025-10"].moved) == (True, ())
    closed(found, OCTOBER)
    deliver(found, "september-3.csv", charge(SEPTEMBER, "4", "pay"), at=19)
    with synced(found) as snapshot:
        months = stands(found, snapshot)
    later = Moved(NOVEMBER, "EUR", Decimal(0), Decimal("-11.005"), 1)
    assert months["2025-09"].moved == (*changed, later)


def test_a_closed_month_is_as_it_was_kept_whatever_bills_say(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    deliver(found, "september-2.csv", charge(SEPTEMBER, "99", "web"), at=9)
    with synced(found) as snapshot:
        check = as_kept(found)
        assert (check.state, check.compared, check.broken) == (State.HOLDS, 1, 0)
        told = statement_of(found, snapshot, ORGANISATION, OCTOBER)[0]
    assert (told.checks[-1].title, told.checks[-1].state) == (check.title, "holds")


@pytest.mark.parametrize("how", ["gone", "replaced"])
def test_a_closed_month_that_is_not_as_it_was_kept_blocks_statements_by_its_name(
    found: Workspace, how: str
) -> None:
    first = closed(found, SEPTEMBER)
    path = file_of(found, first)
    if how == "gone":
        path.unlink()
    else:  # by something else that was kept
        path.write_bytes(file_of(found, closed(found, OCTOBER)).read_bytes())
    check = as_kept(found)
    assert (check.state, check.broken) == (State.BROKEN, 1)
    with synced(found) as snapshot:
        (row,) = against(snapshot, check)
        assert (row["billing_month"], "2025-09" in row["note"]) == (SEPTEMBER, True)
        for month in (SEPTEMBER, NOVEMBER):
            with pytest.raises(StatementDamaged, match="2025-09"):
                statement_of(found, snapshot, ORGANISATION, month)
        months = stands(found, snapshot)
    assert months["2025-09"].moved is None
    assert isinstance(months["2025-11"].why, StatementDamaged)


def test_what_was_kept_is_held_against_the_month_and_the_sums_of_the_decision(
    found: Workspace,
) -> None:
    first, kept = closed(found, SEPTEMBER), Kept(found.archive)
    assert kept.get(first).totals == {"EUR": Decimal("14.00")}
    with pytest.raises(StatementDamaged, match="2025-10 is the statement of 2025-09"):
        kept.get(replace(first, month=OCTOBER))
    with pytest.raises(StatementDamaged, match="2025-09 do not add up to what was decided"):
        kept.get(replace(first, totals={"EUR": "14.01"}))
    with pytest.raises(StatementDamaged, match="2025-09 is no statement"):
        kept.get(replace(first, sha256=Archive(found.archive).put(b"something else")))


def test_without_the_book_it_is_not_known_whether_months_are_as_they_were_kept(
    tmp_path: Path,
) -> None:
    (tmp_path / "decisions.db").write_bytes(b"no database" * 100)
    check = as_kept(Workspace(tmp_path))
    assert (check.state, check.unknown, check.broken) == (State.UNKNOWN, 1, 0)


def test_a_closing_that_was_logged_and_is_in_the_book_no_more_is_told(found: Workspace) -> None:
    closed(found, SEPTEMBER)
    ledger = Ledger(found.folder)
    ledger.append(decisions(Book(found.folder), ledger.people))
    assert as_kept(found).state is State.HOLDS
    (found.folder / "decisions.db").unlink()
    check = as_kept(found)
    assert (check.state, check.compared, check.broken) == (State.BROKEN, 1, 1)
    assert "2025-09 was closed, and the book of decisions does not" in check.rows[0]["note"]
    with synced(found) as snapshot, pytest.raises(StatementDamaged, match="2025-09 was closed"):
        statement_of(found, snapshot, ORGANISATION, SEPTEMBER)
    with pytest.raises(StatementDamaged, match="2025-09 was closed"):
        closed(found, SEPTEMBER)
