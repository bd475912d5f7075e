"""Exceptions that the invented organisation has given: one is in force, one has expired."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from data.decisions.book import Book
from data.decisions.exception import Excuse, set_exception

_GIVEN = (
    (
        ("pick-time", None),
        (Excuse.APPROVAL, Excuse.SEPARATION),
        date(2026, 9, 30),
        ("warehouse-modelling", "model board", "the team is being enlarged"),
        datetime(2026, 4, 7, 8, 15, tzinfo=UTC),
    ),
    (
        ("churn-risk", "20"),
        (Excuse.APPROVAL,),
        date(2027, 3, 31),
        (
            "mobile-modelling",
            "model board",
            "scores are only read by people, until the next review",
        ),
        datetime(2026, 9, 18, 13, 40, tzinfo=UTC),
    ),
)


def decide_exceptions(folder: Path) -> None:
    """Records them, once.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    for about, excuses, until, by, decided_at in _GIVEN:
        set_exception(book, about, excuses, until, by, decided_at)
