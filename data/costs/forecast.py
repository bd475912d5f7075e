"""What a month will have cost: its complete days, and the others by weekday, tested before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import fsum
from statistics import fmean

import numpy as np

from data.costs.daily import Daily
from data.costs.monthly import Monthly
from data.period import Grain, following
from data.series.points import Known
from data.series.seasonal import SEASONS_USED, next_periods

LEAST_ORIGINS = 12
MOST_ORIGINS = 56
MOST_DAYS = 62
"""Farther ahead nothing is forecast: the last complete day is too long ago."""
_LOW, _HIGH = 0.1, 0.9
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What a month comes to. Of one that is over, `rest` is 0 and nothing was forecast."""

    month: date
    spent: Decimal | None
    """Of its complete days; None: there is none yet."""
    complete_until: date
    """The day after the last that is complete."""
    rest: Decimal
    """Expected of its other days; below 0 where credits are."""
    low: Decimal
    high: Decimal
    """Of the whole month: between them 8 of 10 earlier forecasts would have been right."""
    method: str
    origins: int
    """From how many earlier days the same forecast was tested."""
    error: Decimal | None
    """How far off its sums were on average; None: nothing was forecast."""
    error_share: float | None
    """The same as a share of what came on average; None where that is 0 or nothing was forecast."""
    is_final: bool
    """Whether all days of the month are complete and final."""

    @property
    def total(self) -> Decimal:
        """What the month is expected to come to."""
        return (self.spent or Decimal(0)) + self.rest


@dataclass(frozen=True, slots=True)
class NoForecast:
    """What is missing for one."""

    month: date
    spent: Decimal | None
    """Of its complete days; None: there is none."""
    complete_until: date | None
    why: str


def month_end(told: Daily, month: date) -> MonthEnd | NoForecast:
    """Forecasts what a month comes to.

    The rest of the month is the sum of its days, each as the median of the last four known same
    weekdays, with or without the change from week to week, with or without what came on the same
    day of each of the last three months besides: whichever erred least. All are made from earlier
    days for as many days ahead, and held against what came (rolling origins: Hyndman and
    Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, 5.10). Days that bills do
    not hold to their end are left out.

    Args:
        told: cost day by day.
        month: its first day.
    """
    end = following(month, Grain.MONTH)
    until = told.complete_until
    own = told.within(month, end)
    complete = [one.cost for one in own if one.cost is not None]
    spent = sum(complete, Decimal(0)) if complete else None
    if told.why is not None or until is None:
        return NoForecast(month, None, until, told.why or "no day is billed to its end yet")
    missing = [one.day for one in own if one.cost is None and one.day < until]
    if missing:
        return NoForecast(month, spent, until, f"no bill holds {missing[0]} ({len(missing)} such)")
    if own and own[0].day > month:
        return NoForecast(month, spent, until, f"bills begin on {own[0].day}")
    if spent is None and until >= end:
        return NoForecast(month, None, until, "the month lies before the first bill")
    if until >= end:
        is_final = all(one.is_final for one in own) and len(own) == (end - month).days
        total = spent or Decimal(0)
        return MonthEnd(
            month, total, until, Decimal(0), total, total, "sum of its days", 0, None, None,
            is_final,
        )  # fmt: skip
    return _forecast(told, month, end, until, spent)


def _forecast(
    told: Daily, month: date, end: date, until: date, spent: Decimal | None
) -> MonthEnd | NoForecast:
    ahead = (end - until).days
    skipped = max(0, (month - until).days)
    if ahead > MOST_DAYS:
        return NoForecast(month, spent, until, f"the last complete day is before {until}")
    series = told.known()
    monthly = Monthly.of(series)
    tested = [
        _Tested.of(series, (skipped, ahead), drift, fees)
        for fees in (None, monthly)
        for drift in (False, True)
    ]
    usable = [one for one in tested if one.made is not None and len(one.errors) >= LEAST_ORIGINS]
    if not usable:
        needed = 7 * SEASONS_USED + LEAST_ORIGINS - 1 + ahead
        why = (f"it takes about {needed} complete days to forecast {ahead} and to test that from "
               f"{LEAST_ORIGINS} earlier ones; {len(series)} are known")  # fmt: skip
        return NoForecast(month, spent, until, why)
    best = min(usable, key=lambda one: one.error)
    low, high = np.quantile(best.errors, [_LOW, _HIGH])
    rest, so_far = best.made or 0.0, spent or Decimal(0)
    size = abs(fmean(best.came))
    return MonthEnd(
        month, spent, until, _money(rest),
        so_far + _money(rest + min(float(low), 0.0)), so_far + _money(rest + max(float(high), 0.0)),
        best.method, len(best.errors), _money(best.error), best.error / size if size else None,
        is_final=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tested:
    """One way to forecast a sum of days: what it says now, and how it erred before."""

    made: float | None
    errors: tuple[float, ...]
    """What came less what was forecast, from each earlier day."""
    came: tuple[float, ...]
    has_drift: bool
    has_fees: bool

    @property
    def error(self) -> float:
        return fmean(map(abs, self.errors))

    @property
    def method(self) -> str:
        drift = ", with the change from week to week" if self.has_drift else ""
        fees = ", and what came on the same day of each month" if self.has_fees else ""
        return f"median of the last {SEASONS_USED} known same weekdays{drift}{fees}"

    @classmethod
    def of(
        cls, series: Sequence[Known], days: tuple[int, int], has_drift: bool, fees: Monthly | None
    ) -> _Tested:
        """Forecasts the sum of the days from one to another ahead, now and from earlier days."""
        made = _sum(series, days, has_drift, fees)
        by_day = {at.window.start: at.value for at in series}
        errors, came = [], []
        for end in range(1, len(series))[-(MOST_ORIGINS + days[1]) :]:
            first = series[end - 1].window.end
            later = [first + timedelta(days=day) for day in range(*days)]
            if any(day not in by_day for day in later):
                continue
            then = _sum(series[:end], days, has_drift, fees)
            if then is not None:
                came.append(fsum(by_day[day] for day in later))
                errors.append(came[-1] - then)
        return cls(made, tuple(errors), tuple(came), has_drift, fees is not None)


def _sum(
    series: Sequence[Known], days: tuple[int, int], has_drift: bool, fees: Monthly | None
) -> float | None:
    """The sum of days to come; None where one of them has too little to go by."""
    skipped, ahead = days
    steps = next_periods(series, Grain.DAY, has_drift=has_drift, horizon=ahead)
    if steps is None or len(steps) < ahead:
        return None
    asked = [step for step in steps if step.step > skipped]
    usual = fsum(step.value for step in asked)
    if fees is None:
        return usual
    origin = series[-1].window.end
    return usual + fsum(fees.expected(step.window.start, origin) for step in asked)


def _money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT)
