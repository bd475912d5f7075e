"""What initiatives of the invented organisation are worth, as it was decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from data.decisions.benefit import Worth, set_benefit
from data.decisions.book import Book

_QUOTE_ANSWERS = Worth(
    initiative="quote-answers",
    amount=Decimal(13400),
    currency="EUR",
    start=date(2026, 8, 17),
    end=date(2026, 11, 1),
    source="hours of the quote desk, August against October 2026",
)
_BY = "finance circle", "the desk answers 60 % of the questions that it did before"
_DECIDED_AT = datetime(2026, 10, 31, 15, 20, tzinfo=UTC)


def decide_benefits(folder: Path) -> None:
    """Records them, once.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    set_benefit(Book(folder), _QUOTE_ANSWERS, _BY, _DECIDED_AT)
