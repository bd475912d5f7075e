"""How each billing month stands: closed, and what changed of it since; or open, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from data.costs.statement.content import Kind, Line, Missing, Statement
from data.costs.statement.kept import Kept
from data.costs.statement.making import lines_until, make, months
from data.costs.statement.refusal import StatementDamaged
from data.costs.statement.refusing import (
    refuse_early,
    refuse_gap,
    refuse_missing,
    refuse_order,
    refuse_unfinished,
)
from data.costs.statement.settled import Settled, settled
from data.decisions.cost_period import Closing, Closings
from data.errors import CairnError
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed of a closed month, in one currency, and where that is charged."""

    charged_in: date | None
    """First day of the month; None: no month is open that has bills."""
    currency: str
    more: Decimal
    """What is charged on top, exactly."""
    less: Decimal
    """What is given back: below 0."""
    lines: int

    @property
    def amount(self) -> Decimal:
        """Both together: what goes from one team to another is nothing."""
        return self.more + self.less


@dataclass(frozen=True, slots=True)
class Standing:
    """One billing month."""

    month: date
    closing: Closing | None
    """None: it is not closed."""
    why: CairnError | None
    """Why it cannot be closed; None: it is closed, or it can be."""
    is_settled: bool
    """Whether it is closed, or had no bills when a later month was."""
    moved: tuple[Moved, ...] | None = ()
    """None: not known, for what was kept of a closed month is damaged."""
    missing: tuple[Missing, ...] = ()
    """Accounts whose bills are to come: all that `why` is about, where there are any."""

    @property
    def can_close(self) -> bool:
        """Whether it may be closed now."""
        return not self.is_settled and self.why is None


def standings(
    snapshot: Snapshot, closed: Closings, kept: Kept, organisation: str, now: datetime
) -> tuple[Standing, ...]:
    """Each month that has bills or is closed, the newest first.

    Args:
        snapshot: what bills say now.
        closed: the months that are.
        kept: what was kept of them.
        organisation: whose statements.
        now: on which day it is asked whether a month is over.
    """
    billed = months(snapshot)
    every = sorted({*billed, *(one.month for one in closed.all)}, reverse=True)
    try:
        statements = [kept.get(one) for one in closed.all]
    except StatementDamaged as error:
        return tuple(_damaged(month, closed, error) for month in every)
    before = settled(statements)
    moved = _moved(snapshot, statements, before, billed)
    return tuple(
        Standing(month, closed.find(month), None, True, moved.get(month, ()))
        if before.is_settled(month)
        else _open(month, snapshot, organisation, (closed, before), now)
        for month in every
    )


def _open(
    month: date,
    snapshot: Snapshot,
    organisation: str,
    done: tuple[Closings, Settled],
    now: datetime,
) -> Standing:
    """A month that is open: asked as closing it would be."""
    closed, before = done
    missing: tuple[Missing, ...] = ()
    try:
        refuse_order(month, closed, before)
        refuse_early(month, snapshot, now)
        refuse_unfinished(month, snapshot)
        refuse_gap(month, snapshot, before)
        missing = make(snapshot, organisation, month, before).missing
        refuse_missing(month, missing)
    except CairnError as error:
        return Standing(month, None, error, is_settled=False, missing=missing)
    return Standing(month, None, None, is_settled=False)


def _damaged(month: date, closed: Closings, error: StatementDamaged) -> Standing:
    is_settled = closed.last is not None and month <= closed.last.month
    return Standing(
        month, closed.find(month), None if is_settled else error, is_settled, moved=None
    )


def _moved(
    snapshot: Snapshot, statements: Sequence[Statement], before: Settled, billed: Iterable[date]
) -> Mapping[date, tuple[Moved, ...]]:
    """By the month that changed: what closed statements charge of it, and the first open one."""
    if before.last is None:
        return {}
    found: dict[date, list[Moved]] = {}
    for told in statements:
        changes = [line for line in told.lines if line.kind is Kind.CHANGE]
        _collect(found, told.month, changes)
    first = min((month for month in billed if not before.is_settled(month)), default=None)
    _collect(found, first, before.changes(lines_until(snapshot, first or before.last)))
    return {month: tuple(some) for month, some in found.items()}


def _collect(
    found: dict[date, list[Moved]], charged_in: date | None, changes: Iterable[Line]
) -> None:
    exact: dict[tuple[date, str], list[Decimal]] = {}
    for line in changes:
        exact.setdefault((line.period, line.key.currency), []).append(line.exact)
    for (month, currency), some in sorted(exact.items()):
        more = sum((one for one in some if one > 0), Decimal(0))
        less = sum((one for one in some if one < 0), Decimal(0))
        found.setdefault(month, []).append(Moved(charged_in, currency, more, less, len(some)))
