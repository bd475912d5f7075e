"""What a month will have cost: its complete days, and the others by weekday, tested before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean

import numpy as np

from data.costs.chosen import LEAST_ORIGINS, Chosen
from data.costs.daily import Daily, Day
from data.period import Grain, following
from data.series.seasonal import SEASONS_USED

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
    """From how many earlier days the same forecast was tested; the choice of the method saw none of
    what came after them."""
    chosen_from: int
    """From how many days before these methods were compared; 0: there are too few, so that the
    simplest is taken."""
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
    Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, 5.10). The error and the
    band are of still later days, of which the choice saw nothing (the same, 5.8). Where there are
    too few days for both, nothing is chosen, and the median alone is tested. Days that bills do not
    hold to their end are left out.

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
    hole = _hole(own, month, until)
    if hole is not None:
        return NoForecast(month, spent, until, hole)
    if spent is None and until >= end:
        return NoForecast(month, None, until, "the month lies before the first bill")
    if until >= end:
        is_final = all(one.is_final for one in own) and len(own) == (end - month).days
        total = spent or Decimal(0)
        return MonthEnd(
            month, total, until, Decimal(0), total, total, "sum of its days", 0, 0, None, None,
            is_final,
        )  # fmt: skip
    return _forecast(told, month, end, until, spent)


def _hole(own: Sequence[Day], month: date, until: date) -> str | None:
    """Why the days of a month before the last that is complete have no sum; None: they have."""
    untold = [one.day for one in own if one.is_untold]
    if untold:
        return f"a bill does not tell the effective cost of {untold[0]} ({len(untold)} such)"
    missing = [one.day for one in own if one.cost is None and one.day < until]
    if missing:
        return f"no bill holds {missing[0]} ({len(missing)} such)"
    if own and own[0].day > month:
        return f"bills begin on {own[0].day}"
    return None


def _forecast(
    told: Daily, month: date, end: date, until: date, spent: Decimal | None
) -> MonthEnd | NoForecast:
    ahead = (end - until).days
    skipped = max(0, (month - until).days)
    if ahead > MOST_DAYS:
        return NoForecast(month, spent, until, f"the last complete day is before {until}")
    series, days = told.known(), (skipped, ahead)
    found = Chosen.of(series, days)
    if found is None:
        needed = 7 * SEASONS_USED + LEAST_ORIGINS - 1 + ahead
        why = (f"it takes about {needed} complete days to forecast {ahead} and to test that from "
               f"{LEAST_ORIGINS} earlier ones; {len(series)} are known")  # fmt: skip
        return NoForecast(month, spent, until, why)
    tested = found.tested
    low, high = np.quantile(tested.errors, [_LOW, _HIGH])
    rest, so_far = found.made, spent or Decimal(0)
    size = abs(fmean(tested.came))
    return MonthEnd(
        month, spent, until, _money(rest),
        so_far + _money(rest + min(float(low), 0.0)), so_far + _money(rest + max(float(high), 0.0)),
        found.way.name, len(tested.errors), found.chosen_from, _money(tested.error),
        tested.error / size if size else None, is_final=False,
    )  # fmt: skip


def _money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT)
