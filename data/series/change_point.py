"""Where a series goes over to another level and stays there.

The exact optimal partition (Jackson et al., "An algorithm for optimal partitioning of data on an
interval", IEEE Signal Processing Letters 12, 2005) of the ranks of the values: ranks make a single
wild period count no more than any other, and know no unit (Lung-Yut-Fong, Lévy-Leduc and Cappé,
"Homogeneity and change-point detection tests for multivariate data using rank statistics", Journal
de la SFdS 156, 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from statistics import median

import numpy as np
from numpy.typing import NDArray

from data.period import Grain, Window
from data.series.anomaly import Rule
from data.series.points import Known, Point, known

LEAST_PERIODS = {Grain.DAY: 14, Grain.WEEK: 6, Grain.MONTH: 4, Grain.QUARTER: 4, Grain.YEAR: 4}
"""How many known periods a level must hold to be one."""
_PENALTY = 4.0
"""Times the logarithm of the length; each gain is a Kruskal-Wallis statistic, whose mean is 1."""

_ANY = Rule(floor=0.0, share=0.0)


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change of level: the median of the known periods on both sides."""

    window: Window
    """The first known period of the new level."""
    before: float
    after: float
    known_before: int
    known_after: int

    def in_words(self, say: Callable[[float], str], grain: Grain) -> str:
        """The change as a sentence, with values told by `say`."""
        unit = grain.value
        return (
            f"median {say(self.before)} in the {self.known_before} known {unit}s before, "
            f"{say(self.after)} in the {self.known_after} from then on"
        )


def rule_in_words(rule: Rule, off: Callable[[float], str], grain: Grain) -> str:
    """What a change of level is, with differences told by `off`."""
    least = ", and more than ".join(rule.least_in_words(off)) or "nothing"
    unit = grain.value
    return (
        f"A new level holds for at least {LEAST_PERIODS[grain]} known {unit}s, and its median is "
        f"off that of the level before by more than {least}. Levels are told apart by the ranks "
        f"of the {unit}s, so that one odd {unit} is none; each must be worth {_PENALTY:g} × the "
        "logarithm of their number."
    )


def change_points(
    series: Sequence[Point], grain: Grain, rule: Rule = _ANY
) -> tuple[ChangePoint, ...]:
    """Finds changes of level, oldest first.

    Weekdays are evened out first. Changes of the median that the rule calls too small are no
    changes: the smallest is dropped and its sides become one level, until all are large enough.

    Args:
        series: periods, oldest first; unknown ones are passed over.
        grain: how long they are.
        rule: what change is worth a look; its score is not asked.
    """
    told = known(series)
    least = LEAST_PERIODS[grain]
    if len(told) < 2 * least:
        return ()
    even = _evened(told, grain)
    bounds = _levels(even, least, _PENALTY * log(len(even)))
    values = np.array([at.value for at in told])
    while len(bounds) > 2:
        levels = [median(values[a:b]) for a, b in pairwise(bounds)]
        excess = [
            abs(after - before) - rule.least_change(before) for before, after in pairwise(levels)
        ]
        least_excess = min(excess)
        if least_excess >= 0 and all(a != b for a, b in pairwise(levels)):
            break
        bounds.pop(excess.index(least_excess) + 1)
    return _told(told, values, bounds)


def _told(
    told: Sequence[Known], values: NDArray[np.float64], bounds: Sequence[int]
) -> tuple[ChangePoint, ...]:
    triples = zip(bounds, bounds[1:], bounds[2:], strict=False)
    return tuple(
        ChangePoint(
            told[at].window,
            float(median(values[first:at])),
            float(median(values[at:last])),
            at - first,
            last - at,
        )
        for first, at, last in triples
    )


def _evened(told: Sequence[Known], grain: Grain) -> NDArray[np.float64]:
    """Values without what their weekday usually adds."""
    values = np.array([at.value for at in told])
    if grain is not Grain.DAY:
        return values
    weekdays = np.array([at.window.start.weekday() for at in told])
    centre = np.array([np.median(values[weekdays == day]) for day in weekdays])
    return np.asarray(np.round(values - centre, 12))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks, the mean of them for equal values, scaled to a variance of 1; 0 if all are equal."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    centred = ranks - ranks.mean()
    spread = float(centred.std())
    return np.asarray(centred / spread if spread else centred)


class _Costs:
    """Squared errors of segments around their mean."""

    def __init__(self, ranks: NDArray[np.float64]) -> None:
        self.length = len(ranks)
        self._sums = np.concatenate([[0.0], np.cumsum(ranks)])
        self._squares = np.concatenate([[0.0], np.cumsum(ranks**2)])

    def of(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
        """The cost of each segment from a start (included) to its end (excluded)."""
        totals = self._sums[ends] - self._sums[starts]
        return np.asarray(self._squares[ends] - self._squares[starts] - totals**2 / (ends - starts))

    def split(self, first: int, last: int) -> int:
        """Where two segments between two bounds fit best, however short one of them is."""
        at = np.arange(first + 1, last)
        both = self.of(np.full_like(at, first), at) + self.of(at, np.full_like(at, last))
        return int(at[np.argmin(both)])


def _levels(even: NDArray[np.float64], least: int, price: float) -> list[int]:
    """The bounds of levels; each is looked at again by itself, with ranks of its own.

    Ranks forget sizes: beside a large step a small one is nothing, and is one when seen alone.
    """
    bounds = _held(_Costs(_ranks(even)), least, price)
    if len(bounds) == 2:
        return bounds
    inner = (
        first + at
        for first, last in pairwise(bounds)
        for at in _levels(even[first:last], least, price)[1:]
    )
    return [0, *inner]


def _held(costs: _Costs, least: int, price: float) -> list[int]:
    """The bounds of segments, without those that only stand where they do to be long enough."""
    bounds = _partition(costs, least, price)
    number = 1
    while number < len(bounds) - 1:
        first, last = bounds[number - 1], bounds[number + 1]
        if least <= costs.split(first, last) - first <= last - first - least:
            number += 1
        else:
            bounds.pop(number)
            number = 1
    return bounds


def _partition(costs: _Costs, least: int, price: float) -> list[int]:
    """Bounds of the cheapest segments: squared error within each, and a price for each."""
    n = costs.length
    cost = np.full(n + 1, np.inf)
    cost[0] = 0.0
    last = np.zeros(n + 1, dtype=int)
    for end in range(least, n + 1):
        starts = np.arange(0, end - least + 1)
        whole = cost[starts] + costs.of(starts, np.full_like(starts, end)) + price
        last[end] = int(np.argmin(whole))
        cost[end] = whole[last[end]]
    bounds = [n]
    while bounds[-1] > 0:
        bounds.append(int(last[bounds[-1]]))
    return bounds[::-1]
