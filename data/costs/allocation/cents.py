"""Amounts in the smallest unit of a currency, so that they still add up: the largest remainder.

Each amount is cut to whole units; the units that are missing to the rounded sum go, one each, to
the amounts with the largest remainders (Hamilton's method; Balinski and Young, Fair Representation,
1982, chapter 3). What the sum itself loses by rounding is told apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Generic, TypeVar

Who = TypeVar("Who", bound=Hashable)

_PLACES = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
           "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
           "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0,
           "XPF": 0, "CLF": 4, "UYW": 4}  # fmt: skip
"""Decimals of currencies (ISO 4217) that have not two."""


@dataclass(frozen=True, slots=True)
class Rounded(Generic[Who]):
    """Amounts in whole units."""

    amounts: Mapping[Who, Decimal]
    total: Decimal
    """Their sum."""
    remainder: Decimal
    """What the exact sum is more than that: less than half a unit, on either side."""


def places_of(currency: str) -> int:
    """How many decimals a currency has."""
    return _PLACES.get(currency, 2)


def rounded(
    exact: Mapping[Who, Decimal], currency: str, due: Decimal | None = None
) -> Rounded[Who]:
    """Rounds amounts of one currency.

    Args:
        exact: by whom; of equal remainders the one that stands first has the unit.
        currency: three letters.
        due: what they are to add up to, where that was rounded before: the sum in whole units, cut
            or with one unit more; default: the sum, rounded.
    """
    unit = Decimal(1).scaleb(-places_of(currency))
    whole = {who: amount.quantize(unit, ROUND_FLOOR) for who, amount in exact.items()}
    total = sum(exact.values(), Decimal(0))
    if due is None:
        due = total.quantize(unit, ROUND_HALF_EVEN)
    missing = int((due - sum(whole.values(), Decimal(0))) / unit)
    order = sorted(exact, key=lambda who: whole[who] - exact[who])
    for who in order[:missing]:
        whole[who] += unit
    return Rounded(whole, due, total - due)
