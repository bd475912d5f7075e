"""Closing a month: its statement is settled for ever. What changes later is charged later."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from data.configuration import load
from data.costs.statement.content import Statement
from data.costs.statement.excuse import excused
from data.costs.statement.kept import Kept
from data.costs.statement.lost import refuse_lost
from data.costs.statement.making import make
from data.costs.statement.month import named
from data.costs.statement.refusal import CloseRefused
from data.costs.statement.refusing import (
    refuse_early,
    refuse_gap,
    refuse_missing,
    refuse_order,
    refuse_unfinished,
)
from data.costs.statement.settled import Settled, settled
from data.decisions.book import Book
from data.decisions.cost_period import Closing, closings, record, told_by
from data.decisions.decision import Decision
from data.decisions.person import is_named
from data.store.lock import writing
from data.store.refusal import storing
from data.store.retention import pin
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace


def statement_of(
    workspace: Workspace, snapshot: Snapshot, organisation: str, month: date
) -> tuple[Statement, Closing | None]:
    """The statement of a month: of a closed one what was kept, whatever bills say now.

    Args:
        workspace: whose decisions and archive.
        snapshot: what bills say now.
        organisation: whose statement an open one is.
        month: first day of the billing month.

    Raises:
        NoStatement: if the month has no bills, or had none when a later one was closed.
        StatementBlocked: if something does not add up in an open one.
        StatementDamaged: if what was kept of a closed one is damaged.
    """
    closed = closings(Book(workspace.folder))
    kept = Kept(workspace.archive)
    closing = closed.find(month)
    if closing is not None:
        return kept.get(closing), closing
    refuse_lost(workspace, closed)
    return make(snapshot, organisation, month, settled(map(kept.get, closed.all))), None


def close(
    workspace: Workspace,
    snapshot: Snapshot,
    organisation: str,
    month: date,
    by: tuple[str, str],
    now: datetime | None = None,
    without: Collection[str] = frozenset(),
) -> Closing:
    """Closes a month.

    Args:
        workspace: where the decision and the statement are kept.
        snapshot: from which the statement is made: what is closed is what was looked at.
        organisation: whose statement it is.
        month: first day of the billing month.
        by: who decides, and why.
        now: when; default: now.
        without: accounts that are due and have no bill, and that it is closed without: each
            `SOURCE/ACCOUNT`, or the account alone where a single source ever billed it.

    Raises:
        CloseRefused: if the month is closed, is not over, is not the next one to close, or lacks
            the bill of an account that is due; if it is not clear whose bill it goes without.
        NoStatement: if it has no bills, or lies before one that is closed.
        StatementBlocked: if something does not add up.
        StatementDamaged: if a month that was closed is not there as it was kept.
        WriterBusy: if another process writes to the workspace.
        DecisionsRefused: if the decision cannot be written.
    """
    if not all(map(str.strip, by)) or not is_named(by[0]):
        raise CloseRefused("a closing has somebody who decides it, and a reason", "", "say both")
    at = now or datetime.now(UTC)
    book, kept = Book(workspace.folder), Kept(workspace.archive)
    with storing(workspace.store), writing(workspace, "cairn cost close"):
        closed = closings(book)
        refuse_lost(workspace, closed)
        before = settled(map(kept.get, closed.all))
        sees_names = load(workspace.configuration).governance.sees_names
        refuse_order(month, closed, before, sees_names=sees_names)
        refuse_early(month, snapshot, at)
        refuse_unfinished(month, snapshot)
        refuse_gap(month, snapshot, before)
        statement = make(snapshot, organisation, month, before)
        going = excused(month, statement.missing, without, snapshot)
        refuse_missing(month, statement.missing, going)
        pin(workspace, snapshot.id)  # its lines stay, to be looked at
        value = {"sha256": kept.put(statement), "snapshot": snapshot.id, **_told(statement)}
        refuse = partial(_refuse_second, month, sees_names)
        made = record(book, month, value, (by[0].strip(), by[1].strip()), refuse, now)
    return told_by([made]).all[0]


def _told(statement: Statement) -> dict[str, Any]:
    """What the decision itself says of the statement: its sums, and what it was closed without."""
    return {
        "totals": {name: str(amount) for name, amount in statement.totals.items()},
        "without": [
            {"source": one.source, "account": one.account, "last": named(one.last)}
            for one in statement.missing
        ],
    }


def _refuse_second(month: date, sees_names: bool, told: Sequence[Decision], _: datetime) -> None:
    """Of two who close at once the second is refused."""
    closed = told_by(told)
    before = Settled(closed.last.month if closed.last else None)
    refuse_order(month, closed, before, sees_names=sees_names)
