"""Whether closed months are as they were kept: asked whenever costs are shown.

The other checks are part of a snapshot. This one looks at the book of decisions and the archive,
which change without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.costs.statement.kept import Kept
from data.costs.statement.lost import FIX, lost
from data.costs.statement.refusal import StatementDamaged
from data.costs.statement.settled import AS_KEPT
from data.costs.views.reconciled import Check, State
from data.decisions.book import Book
from data.decisions.cost_period import Closing, closings
from data.decisions.refusal import DecisionsRefused
from data.ledger.refusal import LedgerRefused
from data.store.workspace import Workspace

ID = "closed_as_kept"


def as_kept(workspace: Workspace) -> Check:
    """Each closed month, held by hash and sums against what was decided when it was closed."""
    kept = Kept(workspace.archive)
    try:
        told = closings(Book(workspace.folder))
        gone = lost(workspace, told)
    except (DecisionsRefused, LedgerRefused) as error:
        row = {"state": State.UNKNOWN, "note": f"{error.what} ({error.where}); {error.fix}"}
        return Check(ID, AS_KEPT, State.UNKNOWN, 1, 0, 1, (row,))
    rows = (
        *(row for one in told.all for row in _against(kept, one)),
        *({"state": State.BROKEN, "note": f"{what}; {FIX}"} for what in gone),
    )
    compared = len(told.all) + len(gone)
    state = State.BROKEN if rows else State.HOLDS if compared else State.NOT_APPLICABLE
    return Check(ID, AS_KEPT, state, compared, len(rows), 0, rows)


def _against(kept: Kept, closing: Closing) -> Iterator[Mapping[str, Any]]:
    """The row that tells what is wrong with a month; nothing if nothing is."""
    try:
        kept.get(closing)
    except StatementDamaged as error:
        note = f"{error.what} ({error.where}); {error.fix}"
        yield {"state": State.BROKEN, "note": note, "billing_month": closing.month}
