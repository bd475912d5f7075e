"""What was just decided goes into the log at once, not only with the next sync."""

from __future__ import annotations

from data.configuration import LedgerSettings
from data.decisions.book import Book
from data.ledger.ledger import Appended, Ledger
from data.store.workspace import Workspace
from data.trail.keeping import decisions


def log_decisions(workspace: Workspace, settings: LedgerSettings) -> Appended | None:
    """Logs the decisions that are not in the log yet; None if the last one is.

    Raises:
        LedgerBroken: if the log is not what was signed.
        LedgerRefused: if disk or database say no. The decisions stand, and the next sync logs them.
    """
    book, ledger = Book(workspace.folder), Ledger(workspace.folder, settings)
    made = book.decisions()
    if not made or ledger.find(f"decision:{made[-1].id}"):
        return None
    return ledger.append(decisions(book, ledger.people))
