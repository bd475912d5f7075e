"""Closing a month: its statement is settled for ever. What changes later is charged later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from data.costs.statement.content import Statement
from data.costs.statement.kept import Kept
from data.costs.statement.making import make, months, settled_without
from data.costs.statement.month import named, next_month
from data.costs.statement.refusal import CloseRefused
from data.costs.statement.settled import Settled, settled
from data.decisions.book import Book
from data.decisions.cost_period import Closing, Closings, closings, record, told_by
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
        return kept.get(closing.sha256), closing
    return make(snapshot, organisation, month, _settled(closed, kept)), None


def close(
    workspace: Workspace,
    snapshot: Snapshot,
    organisation: str,
    month: date,
    by: tuple[str, str],
    now: datetime | None = None,
) -> Closing:
    """Closes a month.

    Args:
        workspace: where the decision and the statement are kept.
        snapshot: the current one.
        organisation: whose statement it is.
        month: first day of the billing month.
        by: who decides, and why.
        now: when; default: now.

    Raises:
        CloseRefused: if the month is closed, is not over, or is not the next one to close.
        NoStatement: if it has no bills, or lies before one that is closed.
        StatementBlocked: if something does not add up.
        WriterBusy: if another process writes to the workspace.
        DecisionsRefused: if the decision cannot be written.
    """
    if not all(map(str.strip, by)) or not is_named(by[0]):
        raise CloseRefused("a closing has somebody who decides it, and a reason", "", "say both")
    at = now or datetime.now(UTC)
    book, kept = Book(workspace.folder), Kept(workspace.archive)
    with storing(workspace.store), writing(workspace, "cairn cost close"):
        closed = closings(book)
        before = _settled(closed, kept)
        _refuse_order(month, closed, before)
        _refuse_early(month, snapshot, at)
        _refuse_unfinished(month, snapshot)
        _refuse_gap(month, snapshot, before)
        statement = make(snapshot, organisation, month, before)
        pin(workspace, snapshot.id)  # its lines stay, to be looked at
        value = {"sha256": kept.put(statement), "snapshot": snapshot.id, **_totals(statement)}
        refuse = partial(_refuse_second, month)
        made = record(book, month, value, (by[0].strip(), by[1].strip()), refuse, now)
    return told_by([made]).all[0]


def _settled(closed: Closings, kept: Kept) -> Settled:
    return settled(kept.get(one.sha256) for one in closed.all)


def _totals(statement: Statement) -> dict[str, Any]:
    sums = {
        currency: str(sum(line.amount for line in statement.of(currency)))
        for currency in statement.currencies
    }
    return {"totals": sums}


def _refuse_second(month: date, told: Sequence[Decision], _: datetime) -> None:
    """Of two who close at once the second is refused."""
    closed = told_by(told)
    _refuse_order(month, closed, Settled(closed.last.month if closed.last else None))


def _refuse_order(month: date, closed: Closings, before: Settled) -> None:
    done = closed.find(month)
    if done is not None:
        what = f"{named(month)} is closed, by {done.actor} at {done.decided_at:%Y-%m-%d %H:%M} UTC"
        fix = "nothing opens it again: what changes is charged in the first open month"
        raise CloseRefused(what, "", fix)
    if before.is_settled(month):
        raise settled_without(month, before)


def _refuse_early(month: date, snapshot: Snapshot, now: datetime) -> None:
    end = next_month(month)
    if now.date() < end:
        what = f"{named(month)} is not over: it ends with the day before {end}"
        raise CloseRefused(what, "", "close it then, when its bills are final")
    read = [datetime.fromisoformat(one["read_at"]) for one in snapshot.manifest["sources"]]
    if read and max(read).date() < end:
        what = f"bills were read last on {max(read):%Y-%m-%d}, before {named(month)} was over"
        raise CloseRefused(what, "", "run `cairn sync` first")


def _refuse_unfinished(month: date, snapshot: Snapshot) -> None:
    """A bill that was written while its period ran lacks what came afterwards."""
    rows = snapshot.rows(_UNFINISHED, {"month": month})
    if rows:
        row = rows[0]
        what = (f"the bill of {row['account']} was written on {row['written_at']:%Y-%m-%d %H:%M} "
                f"UTC, before its period was over ({row['until_at']:%Y-%m-%d})")  # fmt: skip
        raise CloseRefused(what, row["name"], "bring the final bill, and run `cairn sync`")


_UNFINISHED = """
    -- One row is one account whose newest bill of a month was written before its period was over.
    select
        account,
        arg_max(name, written_at) as name,
        max(written_at) as written_at,
        max(until_at) as until_at
    from bill_in_effect
    where date_trunc('month', from_at) = cast($month as date)
    group by source, account
    having max(written_at) < max(until_at)
    order by account
"""


def _refuse_gap(month: date, snapshot: Snapshot, before: Settled) -> None:
    open_ = [one for one in months(snapshot) if one < month and not before.is_settled(one)]
    if open_:
        what = f"{named(open_[0])} has bills and is not closed, and lies before {named(month)}"
        raise CloseRefused(what, "", f"close {named(open_[0])} first")
