"""Closings that the log tells of and the book of decisions does not: months that would move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data.costs.statement.refusal import StatementDamaged
from data.decisions.cost_period import KIND, Closings
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from data.store.workspace import Workspace

_PREFIX = "decision:"
FIX = "put `decisions.db` back from a backup"


def lost(workspace: Workspace, closed: Closings) -> Sequence[str]:
    """What is wrong with each closing that was logged and is in the book no more.

    Raises:
        LedgerRefused: if the log cannot be read.
    """
    return list(_lost(Ledger(workspace.folder), {one.id for one in closed.all}))


def refuse_lost(workspace: Workspace, closed: Closings) -> None:
    """Raises if a closing is lost: what it settled would be charged otherwise now.

    Raises:
        StatementDamaged: naming the first.
        LedgerRefused: if the log cannot be read.
    """
    for what in lost(workspace, closed):
        raise StatementDamaged(what, "decisions.db", FIX)


def _lost(ledger: Ledger, known: set[str]) -> Iterator[str]:
    told: set[str] = set()
    for entry in ledger.entries(Asked(kind=f"decision.{KIND}")):
        name = entry.id.removeprefix(_PREFIX)
        if name in known or name in told:
            continue
        told.add(name)
        month = "a month" if entry.event is None else entry.event.subject
        yield f"the log says that {month} was closed, and the book of decisions does not"
