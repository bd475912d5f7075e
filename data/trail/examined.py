"""The whole check: the log recomputed, and the book of decisions held against it."""

from __future__ import annotations

from dataclasses import dataclass

from data.decisions.book import Book
from data.decisions.refusal import DecisionsRefused
from data.ledger.append import Progress
from data.ledger.finding import Report
from data.ledger.ledger import Ledger
from data.trail.agreement import agreed


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody kept elsewhere and holds the log against."""

    checkpoint: str | None = None
    """A signed note."""
    key: str | None = None
    """The public key; default: the one beside the log."""


def examined(book: Book, ledger: Ledger, kept: Kept, progress: Progress) -> Report:
    """What the check of a log comes to, and, if it is sound, of the decisions it tells of.

    Raises:
        DecisionsRefused: if the book cannot be read.
        LedgerRefused: if the log is in use for too long, or may not be read.
    """
    due = _decided(book)  # what is decided from here on waits until the check ends to be logged
    report = ledger.verify(kept.checkpoint, kept.key, progress)
    return agreed(report, book, ledger, due)


def _decided(book: Book) -> frozenset[str]:
    """The ids of the decisions there are; none of a book that cannot be read, which is told later.

    A log that is not sound comes first.
    """
    try:
        return frozenset(one.id for one in book.decisions())
    except DecisionsRefused:
        return frozenset()
