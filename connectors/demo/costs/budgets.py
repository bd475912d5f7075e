"""Budgets that the invented organisation has decided on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from data.decisions.book import Book
from data.decisions.budget import Wanted, set_budget

_DECIDED_AT = datetime(2025, 12, 15, 10, 0, tzinfo=UTC)
_YEAR = date(2026, 1, 1)
_BY = "finance circle"
_PLAN = "plan of 2026"
_BUDGETS = (
    (None, None, "165000", _PLAN),
    ("payments", None, "21000", "the move to the new cluster pays off from April"),
    ("storefront", None, "25000", _PLAN),
    ("tracking", None, "23500", _PLAN),
    ("warehouse", None, "18000", _PLAN),
    (None, "Accelerators", "16500", "no more than two new models a quarter"),
)
"""Team, service, euros a month, and why."""


def decide_budgets(folder: Path) -> None:
    """Records them, once.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    for team, service, amount, reason in _BUDGETS:
        wanted = Wanted(team, service, Decimal(amount), "EUR", _YEAR)
        set_budget(book, wanted, (_BY, reason), _DECIDED_AT)
