"""Amounts as they are shown: exact ones rounded to the smallest unit of their currency."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, TypeVar, overload

import streamlit as st

from data.costs.allocation.cents import places_of, rounded

_THOUSAND, _MILLION = Decimal(10**3), Decimal(10**6)
_WIDTH = 95
"""Pixels of a column that has amounts up to 9,999,999.99."""
Who = TypeVar("Who", bound=Hashable)


@overload
def in_units(exact: Decimal, currency: str) -> Decimal: ...
@overload
def in_units(exact: None, currency: str) -> None: ...
def in_units(exact: Decimal | None, currency: str) -> Decimal | None:
    """An amount rounded to the smallest unit of its currency; None: no bill tells it."""
    if exact is None:
        return None
    found = exact.quantize(Decimal(1).scaleb(-places_of(currency)), ROUND_HALF_EVEN)
    return found or abs(found)  # there is no minus nothing


def parts_in_units(exact: Mapping[Who, Decimal], currency: str) -> Mapping[Who, Decimal]:
    """Amounts rounded so that they still add up to their rounded sum."""
    return {who: found + 0 for who, found in rounded(exact, currency).amounts.items()}


def money(exact: Decimal | None, currency: str) -> str:
    """An amount with its currency: `1,234.50 EUR`; a dash where it is not known."""
    return "–" if exact is None else f"{number(exact, currency)} {currency}"


def number(exact: Decimal, currency: str) -> str:
    """An amount without its currency: `1,234.50`, `−3.00`."""
    return f"{in_units(exact, currency):,}".replace("-", "\N{MINUS SIGN}")


def short(amount: Decimal | None, currency: str) -> str:
    """An amount that fits into a tile; a small one with all digits, so that parts add up."""
    if amount is None:
        return "–"
    if abs(amount) >= _MILLION:
        return f"{amount / _MILLION:,.2f} m"
    if abs(amount) < _THOUSAND and amount != amount.to_integral_value():
        return f"{in_units(amount, currency):,}"
    return f"{amount:,.0f}"


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole, from 0 to 1; None where there is no whole."""
    return part / whole if whole else None


def amount_column(*currencies: str, **more: Any) -> Any:
    """How a column of amounts is shown, which are rounded already.

    Args:
        currencies: in which they are; the one with most decimals sets how many are shown.
        more: what else Streamlit takes.
    """
    places = max(map(places_of, currencies), default=2)
    told = {"format": f"%,.{places}f", "width": _WIDTH, **more}
    return st.column_config.NumberColumn(**told)


def hovered(currency: str) -> str:
    """How an amount in a drawing is told to who points at it."""
    return f"%{{y:,.{places_of(currency)}f}} {currency}"
