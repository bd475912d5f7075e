"""Amounts of money as text."""

from __future__ import annotations

from decimal import Decimal
from typing import overload


@overload
def exact(amount: Decimal) -> str: ...
@overload
def exact(amount: None) -> None: ...
def exact(amount: Decimal | None) -> str | None:
    """An amount to its last digit, without zeros that say nothing; None: it is not known."""
    if amount is None:
        return None
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if amount else "0"
