"""Ways to forecast a sum of days: the one that erred least, and how it did on days it never saw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from statistics import fmean

from data.costs.monthly import Monthly
from data.period import Grain
from data.series.points import Known
from data.series.seasonal import SEASONS_USED, next_periods

LEAST_ORIGINS = 12
"""Earlier days from which a way is tested at least, and from which ways are compared."""
HELD_OUT = 28
"""The newest of them, from which the chosen way is tested."""
MOST_CHOOSING = 42
"""Days before these from which ways are compared."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to forecast a sum of days."""

    has_drift: bool = False
    fees: Monthly | None = None

    @property
    def name(self) -> str:
        """In words."""
        drift = ", with the change from week to week" if self.has_drift else ""
        fees = ", and what came on the same day of each month" if self.fees is not None else ""
        return f"median of the last {SEASONS_USED} known same weekdays{drift}{fees}"

    def sum(self, series: Sequence[Known], days: tuple[int, int]) -> float | None:
        """The sum of days to come; None where one of them has too little to go by."""
        skipped, ahead = days
        steps = next_periods(series, Grain.DAY, has_drift=self.has_drift, horizon=ahead)
        if steps is None or len(steps) < ahead:
            return None
        asked = [step for step in steps if step.step > skipped]
        usual = fsum(step.value for step in asked)
        if self.fees is None:
            return usual
        origin = series[-1].window.end
        return usual + fsum(self.fees.expected(step.window.start, origin) for step in asked)


SIMPLEST = Way()


@dataclass(frozen=True, slots=True)
class Trial:
    """How a way did from earlier days."""

    errors: tuple[float, ...]
    """What came less what was forecast, from each of them."""
    came: tuple[float, ...]
    ends: tuple[int, ...]
    """Those of the ends from which it could be made."""

    @property
    def error(self) -> float:
        """How far off it was on average."""
        return fmean(map(abs, self.errors))

    def error_from(self, ends: Collection[int]) -> float:
        """The same, from some of the ends alone."""
        return fmean(
            abs(error) for end, error in zip(self.ends, self.errors, strict=True) if end in ends
        )

    @classmethod
    def of(
        cls, series: Sequence[Known], days: tuple[int, int], way: Way, ends: Sequence[int]
    ) -> Trial:
        """Forecasts the same sum from each end of the series, where there is enough to go by."""
        by_day = {at.window.start: at.value for at in series}
        errors, came, from_ = [], [], []
        for end in ends:
            then = way.sum(series[:end], days)
            if then is not None:
                came.append(fsum(by_day[day] for day in _later(series, end, days)))
                errors.append(came[-1] - then)
                from_.append(end)
        return cls(tuple(errors), tuple(came), tuple(from_))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The way that erred least, what it says, and how it did on days that its choice never saw."""

    way: Way
    made: float
    tested: Trial
    chosen_from: int

    @classmethod
    def of(cls, series: Sequence[Known], days: tuple[int, int]) -> Chosen | None:
        """None where there are too few days to test anything."""
        ends = _ends(series, days)
        held = ends[-HELD_OUT:]
        if SIMPLEST.sum(series, days) is None or len(held) < LEAST_ORIGINS:
            return None
        unseen = series[held[0] - 1].window.end + timedelta(days=days[0])
        before = [e for e in ends if series[e - 1].window.end + timedelta(days=days[1]) <= unseen]
        way, chosen_from = _least(series, days, before[-MOST_CHOOSING:]) or (SIMPLEST, 0)
        made, tested = way.sum(series, days), Trial.of(series, days, way, held)
        return None if made is None else cls(way, made, tested, chosen_from)


def _least(
    series: Sequence[Known], days: tuple[int, int], ends: Sequence[int]
) -> tuple[Way, int] | None:
    """The way that erred least from the same ends, and how many; None where they are too few."""
    ways = [Way(drift, fees) for fees in (None, Monthly.of(series)) for drift in (False, True)]
    tried = [(way, Trial.of(series, days, way, ends)) for way in ways]
    usable = [
        (way, one)
        for way, one in tried
        if len(one.ends) >= LEAST_ORIGINS and way.sum(series, days) is not None
    ]
    if not usable:
        return None
    common = set(ends).intersection(*(one.ends for _, one in usable))
    errors = [one.error_from(common) for _, one in usable]
    return usable[errors.index(min(errors))][0], len(common)


def _ends(series: Sequence[Known], days: tuple[int, int]) -> list[int]:
    """Where the series could have ended, so that there is enough before and all that came after."""
    by_day = {at.window.start for at in series}
    most = HELD_OUT + MOST_CHOOSING + 2 * days[1]
    return [
        end
        for end in range(1, len(series))[-most:]
        if by_day.issuperset(_later(series, end, days))
        and SIMPLEST.sum(series[:end], days) is not None
    ]


def _later(series: Sequence[Known], end: int, days: tuple[int, int]) -> list[date]:
    first = series[end - 1].window.end
    return [first + timedelta(days=day) for day in range(*days)]
