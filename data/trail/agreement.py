"""Whether the book of decisions is the one that the log tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from data.decisions.book import Book
from data.decisions.decision import Decision, digest
from data.ledger.entry import Asked, Entry
from data.ledger.finding import About, Finding, Report
from data.ledger.ledger import Ledger

_PREFIX = "decision:"


def agreed(report: Report, book: Book, ledger: Ledger, due: Collection[str] | None) -> Report:
    """The report on a log, with what the book of decisions is found to be beside it.

    Nothing is asked of a log that is not sound.

    Args:
        report: what the check of the log came to.
        book: the decisions.
        ledger: the log.
        due: as for `disagreements`.

    Raises:
        DecisionsRefused: if the book cannot be read.
        LedgerRefused: if the log cannot.
    """
    if not report.is_sound:
        return report
    return replace(report, findings=tuple(disagreements(book, ledger, due)))


def disagreements(
    book: Book, ledger: Ledger, due: Collection[str] | None = None
) -> Iterator[Finding]:
    """Yields each decision that was altered, moved, is missing, or was never logged.

    What was logged first counts: whoever alters the book cannot mend that by having it logged anew.

    Args:
        book: the decisions.
        ledger: the log.
        due: ids of those that must be logged by now: one that was just taken may still wait until
            a check of the log ends; None: all.

    Raises:
        DecisionsRefused: if the book cannot be read.
        LedgerRefused: if the log cannot.
    """
    logged: dict[str, list[Entry]] = {}
    for entry in ledger.entries(Asked(kind="decision.*")):
        logged.setdefault(entry.id.removeprefix(_PREFIX), []).append(entry)
    made = {one.id: one for one in book.decisions()}  # after the log: what is in it is in the book
    late = [name for name in made if name not in logged and (due is None or name in due)]
    if late and not logged:
        what = f"the book holds {len(made):,} decisions, and the log none of them: it is gone, or"
        yield _finding(f"{what} they were never logged (`cairn sync` logs them)")
        return
    for name in late:
        yield _finding(f"decision {name} is in the book and not in the log")
    yield from _apart(made, logged)
    yield from _moved(
        [one for one in made if one in logged], [one for one in logged if one in made]
    )


def _apart(made: dict[str, Decision], logged: dict[str, list[Entry]]) -> Iterator[Finding]:
    for name, one in made.items():
        if name in logged and not _is_as_logged(one, logged[name][0]):
            what = f"decision {name} in the book is not the one that was logged"
            yield _finding(what, logged[name][0])
    for name, entries in logged.items():
        if name not in made:
            what = f"decision {name} was logged and is missing from the book"
            yield _finding(what, entries[0])
        told = [entry.event.after for entry in entries if entry.event is not None]
        if len(set(told)) > 1:
            what = f"decision {name} was logged again in other words: the book was altered then"
            yield _finding(what, entries[-1])


def _is_as_logged(one: Decision, entry: Entry) -> bool:
    """By the hash that was logged; of an entry that is pruned only the id is left to compare."""
    found = digest(one)
    return found.startswith(one.id) and (entry.event is None or entry.event.after == found)


def _moved(made: Sequence[str], logged: Sequence[str]) -> Iterator[Finding]:
    """Of two decisions about the same the later counts: their order is part of the book."""
    for one, other in zip_longest(made, logged):
        if one != other:
            yield _finding(f"decision {one} stands elsewhere in the book than it was logged")
            return


def _finding(what: str, entry: Entry | None = None) -> Finding:
    return Finding(About.DECISIONS, what, None if entry is None else entry.number)
