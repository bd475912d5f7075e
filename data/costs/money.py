"""Amounts of money as text."""

from __future__ import annotations

from decimal import Decimal


def exact(amount: Decimal | None) -> str | None:
    """An amount with all of its digits and no more; None: it is not known."""
    return None if amount is None else format(amount.normalize(), "f")
