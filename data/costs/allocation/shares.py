"""Shares of what is shared as bounds from 0 to 1, so that its parts always add up to it.

Of n targets the k-th has what lies between the bounds b(k-1) and b(k), of which b(0) is 0 and b(n)
is 1. Its part of a sum a is round(a · b(k)) - round(a · b(k-1)): whatever the rounding, all but
the first and the last term cancel, and the parts add up to round(a · 1) - round(a · 0) = a. No part
is off by more than one unit of the last place, and credits are split as what they correct is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data.errors import CairnError

PLACES = 14
"""Decimals of a bound. A charge below 10¹² times a bound still fits the database's decimals."""
_UNIT = Decimal(1).scaleb(-PLACES)

Weights = Mapping[str, Fraction]
"""How much of something falls on each target, none below 0."""


class SharesRefused(CairnError):
    """Shares are no shares: one is negative, or they are not all of it."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one target has of a charge."""

    path: tuple[str, ...]
    """The pools that it comes through, then the target."""
    lower: Decimal
    upper: Decimal

    @property
    def target(self) -> str:
        """Who has it."""
        return self.path[-1]

    @property
    def ratio(self) -> Decimal:
        """The part of the whole, from 0 to 1."""
        return self.upper - self.lower


def parts(weights: Weights, where: str) -> Weights | None:
    """Weights as parts of 1; None if there is nothing to go by, since all are 0.

    Raises:
        SharesRefused: naming one that is negative: a driver counts what was used.
    """
    for target, weight in weights.items():
        if weight < 0:
            what = f"the share of `{target}` is negative ({float(weight):g})"
            raise SharesRefused(what, where, "a driver counts what was used: mend its values")
    total = sum(weights.values())
    if not total:
        return None
    return {target: weight / total for target, weight in weights.items() if weight}


def fixed(shares: Mapping[str, Decimal], where: str) -> Weights:
    """Shares that somebody fixed, which must be the whole.

    Raises:
        SharesRefused: if they do not add up to exactly 1.
    """
    given = {target: Fraction(share) for target, share in shares.items()}
    total = sum(given.values())
    if total != 1:
        what = f"its shares add up to {sum(shares.values())}, not to 1"
        raise SharesRefused(what, where, "change one of them")
    found = parts(given, where)
    return found or {}


def even(targets: Sequence[str]) -> Weights:
    """The same part for each."""
    return {target: Fraction(1, len(targets)) for target in targets}


def resolved(pool: str, pools: Mapping[str, Weights]) -> tuple[Share, ...]:
    """The shares of a pool's charges, with those that it passes on to other pools.

    Args:
        pool: which.
        pools: of each pool, the parts of its targets, which are teams or pools; no pool comes back
            to itself.
    """
    ends: list[Share] = []
    lower, sum_so_far = Decimal(0), Fraction(0)
    for path, part in _paths(pool, pools):
        sum_so_far += part
        upper = _bound(sum_so_far)
        ends.append(Share(path, lower, upper))
        lower = upper
    return tuple(ends)


def _paths(pool: str, pools: Mapping[str, Weights]) -> list[tuple[tuple[str, ...], Fraction]]:
    found: list[tuple[tuple[str, ...], Fraction]] = []
    for target, part in pools[pool].items():
        if target in pools:
            further = _paths(target, pools)
            found += [((pool, *path), part * inner) for path, inner in further]
        else:
            found.append(((pool, target), part))
    return found


def _bound(value: Fraction) -> Decimal:
    scaled = value * 10**PLACES
    return Decimal(round(scaled)) * _UNIT
