"""A change shared out among the parts that made it, so that the shares add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class Side:
    """One part in one window: what it adds to the numerator, and to the denominator."""

    amount: float
    weight: float

    @property
    def value(self) -> float | None:
        """Its own figure; None where it has nothing to divide by."""
        return self.amount / self.weight if self.weight else None


NOTHING = Side(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part adds to a change, in the unit of the figure."""

    part: str
    before: Side
    after: Side
    rate: float
    """What it adds because its own figure changed."""
    mix: float
    """What it adds because its weight in the whole changed; 0 for a rate per day."""

    @property
    def total(self) -> float:
        """All that it adds."""
        return self.rate + self.mix


def of_counts(
    before: Mapping[str, Side], after: Mapping[str, Side], days: tuple[float, float]
) -> list[Contribution]:
    """Shares out the change of a count per day: each part adds its own.

    Args:
        before: amount of each part in the window before.
        after: amount of each part in the window after.
        days: what the whole is divided by, before and after.
    """
    found = []
    for part in _parts(before, after):
        one, other = before.get(part, NOTHING), after.get(part, NOTHING)
        found.append(
            Contribution(part, one, other, other.amount / days[1] - one.amount / days[0], 0.0)
        )
    return _largest_first(found)


def of_shares(before: Mapping[str, Side], after: Mapping[str, Side]) -> list[Contribution]:
    """Shares out the change of a share, a mean or a weighted mean.

    Each part adds the change of its own figure at its mean weight, and the change of its weight at
    the distance of its mean figure from that of the whole (Kitagawa, "Components of a Difference
    Between Two Rates", Journal of the American Statistical Association 50, 1955). The distance
    instead of the figure itself changes no sum, as weights add up to 1 on both sides; it tells
    which part's growth moves the whole. A part that is in one window only has no change of its own
    figure: it is all mix.

    Raises:
        ZeroDivisionError: if one of the windows has no weight at all.
    """
    weights = _weight(before), _weight(after)
    means = _amount(before) / weights[0], _amount(after) / weights[1]
    centre = (means[0] + means[1]) / 2
    found = []
    for part in _parts(before, after):
        one, other = before.get(part, NOTHING), after.get(part, NOTHING)
        shares = one.weight / weights[0], other.weight / weights[1]
        rates = _rates(one, other)
        rate = (shares[0] + shares[1]) / 2 * (rates[1] - rates[0])
        mix = (shares[1] - shares[0]) * ((rates[0] + rates[1]) / 2 - centre)
        found.append(Contribution(part, one, other, rate, mix))
    return _largest_first(found)


def _rates(one: Side, other: Side) -> tuple[float, float]:
    first, second = one.value, other.value
    if first is None and second is None:
        return 0.0, 0.0
    return (
        second if first is None and second is not None else first or 0.0,
        first if second is None and first is not None else second or 0.0,
    )


def _parts(before: Mapping[str, Side], after: Mapping[str, Side]) -> list[str]:
    return sorted(before.keys() | after.keys())


def _weight(sides: Mapping[str, Side]) -> float:
    return fsum(side.weight for side in sides.values())


def _amount(sides: Mapping[str, Side]) -> float:
    return fsum(side.amount for side in sides.values())


def _largest_first(found: Sequence[Contribution]) -> list[Contribution]:
    return sorted(found, key=lambda each: (-abs(each.total), each.part))
