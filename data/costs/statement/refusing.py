"""Why a month cannot be closed, or not yet: each reason is refused by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from data.costs.statement.content import Missing
from data.costs.statement.excuse import told
from data.costs.statement.making import months, settled_without
from data.costs.statement.month import named, next_month
from data.costs.statement.refusal import CloseRefused
from data.costs.statement.settled import Settled
from data.decisions.cost_period import Closings
from data.store.snapshot import Snapshot


def refuse_order(
    month: date, closed: Closings, before: Settled, *, sees_names: bool = False
) -> None:
    """Makes sure that a month is not settled.

    Args:
        month: its first day.
        closed: the months that are closed.
        before: what they settle.
        sees_names: whether it may be said who closed it.

    Raises:
        CloseRefused: if it is closed.
        NoStatement: if it lies before one that is.
    """
    done = closed.find(month)
    if done is not None:
        who = f", by {done.actor}" if sees_names else ""
        what = f"{named(month)} is closed{who} at {done.decided_at:%Y-%m-%d %H:%M} UTC"
        fix = "nothing opens it again: what changes is charged in the first open month"
        raise CloseRefused(what, "", fix)
    if before.is_settled(month):
        raise settled_without(month, before)


def refuse_early(month: date, snapshot: Snapshot, now: datetime) -> None:
    """Makes sure that a month is over, and was when its bills were read.

    Raises:
        CloseRefused: if not.
    """
    end = next_month(month)
    if now.date() < end:
        what = f"it is not over: it ends with the day before {end}"
        raise CloseRefused(what, named(month), "close it then, when its bills are final")
    read = [datetime.fromisoformat(one["read_at"]) for one in snapshot.manifest["sources"]]
    if read and max(read).date() < end:
        what = f"bills were read last on {max(read):%Y-%m-%d}, before it was over"
        raise CloseRefused(what, named(month), "run `cairn sync` first")


def refuse_unfinished(month: date, snapshot: Snapshot) -> None:
    """Makes sure that no bill was written while its period ran: it lacks what came afterwards.

    Raises:
        CloseRefused: naming one that was.
    """
    rows = snapshot.rows(_UNFINISHED, {"month": month})
    if rows:
        row = rows[0]
        what = (f"the bill of {row['account']} was written on {row['written_at']:%Y-%m-%d %H:%M} "
                f"UTC, before its period was over ({row['until_at']:%Y-%m-%d})")  # fmt: skip
        raise CloseRefused(what, row["name"], "bring the final bill, and run `cairn sync`")


_UNFINISHED = """
    -- One row is one account and amount whose newest bill of a month was written before its period
    -- was over: of two views of the same charges each has to be final.
    select
        account,
        arg_max(name, written_at) as name,
        max(written_at) as written_at,
        max(until_at) as until_at
    from (
        select *, 'billed' as amount from bill_in_effect where tells_billed
        union all
        select *, 'effective' as amount from bill_in_effect
        where tells_effective and not is_estimate
    )
    where date_trunc('month', from_at) = cast($month as date)
    group by source, account, amount
    having max(written_at) < max(until_at)
    order by account
"""


def refuse_gap(month: date, snapshot: Snapshot, before: Settled) -> None:
    """Makes sure that no month before it is open.

    Raises:
        CloseRefused: naming the first that is.
    """
    open_ = [one for one in months(snapshot) if one < month and not before.is_settled(one)]
    if open_:
        what = f"{named(open_[0])} comes before, has bills and is not closed"
        raise CloseRefused(what, named(month), "close that first")


def refuse_missing(
    month: date, missing: Sequence[Missing], without: Collection[Missing] = frozenset()
) -> None:
    """Makes sure that each account that is due has its bill, or that it is said to go without.

    Args:
        month: its first day.
        missing: the accounts that are due and have none.
        without: those of them that the month is closed without.

    Raises:
        CloseRefused: naming those that are not said.
    """
    open_ = [one for one in missing if one not in without]
    if open_:
        listed = ", ".join(
            f"{one.account} ({one.source}, last of {named(one.last)})" for one in open_
        )
        fix = f"wait for it, or close the month with {told(open_)}"
        raise CloseRefused(f"there is no bill of {listed}", named(month), fix)
