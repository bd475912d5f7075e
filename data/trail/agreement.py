"""Whether the book of decisions is the one that the log tells of."""

from __future__ import annotations

from collections.abc import Iterator

from data.decisions.book import Book
from data.decisions.decision import digest
from data.ledger.entry import Asked
from data.ledger.finding import About, Finding
from data.ledger.ledger import Ledger


def disagreements(book: Book, ledger: Ledger) -> Iterator[Finding]:
    """Yields each decision that was altered, is missing from the book, or was never logged.

    Raises:
        DecisionsRefused: if the book cannot be read.
        LedgerRefused: if the log cannot.
    """
    logged = {entry.id: entry for entry in ledger.entries(Asked(kind="decision.*"))}
    made = {f"decision:{one.id}": one for one in book.decisions()}
    for event, one in made.items():
        entry = logged.get(event)
        if entry is None:
            what = f"decision {one.id} is in the book and not in the log"
            yield Finding(About.DECISIONS, what)
        elif entry.event is not None and entry.event.after != digest(one):
            what = f"decision {one.id} in the book is not the one that was logged"
            yield Finding(About.DECISIONS, what, entry.number)
    for event, entry in logged.items():
        if event not in made:
            what = f"{event.replace(':', ' ')} was logged and is missing from the book"
            yield Finding(About.DECISIONS, what, entry.number)
