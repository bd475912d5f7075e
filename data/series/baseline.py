"""What periods of a kind usually come to: the median of earlier ones and how far they stray."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

from data.period import Grain
from data.series.points import Known

WEEKS_BACK = 8
YEARS_BACK = 5
LEAST_DAYS, LEAST_YEARS, LEAST_PERIODS = 4, 3, 6
_LOOK_BACK = {Grain.WEEK: 12 * 7, Grain.MONTH: 366, Grain.QUARTER: 3 * 366, Grain.YEAR: 12 * 366}
_TO_DEVIATION = 1.4826
"""Median absolute deviation to standard deviation of a normal distribution."""
_MEAN_TO_DEVIATION = 1.2533
_DAY_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is expected of a period, from earlier ones of its kind."""

    expected: float
    """Their median."""
    deviation: float
    """Robust standard deviation around it; 0 where all of them were alike."""
    history: tuple[float, ...]
    """Their values, oldest first."""
    kind: str
    """What they are, in the plural: `Mondays of the 8 weeks before`."""


def baseline(earlier: Sequence[Known], start: date, grain: Grain) -> Baseline | None:
    """The baseline of the period that begins on a day; None where too few are known.

    A day is measured by the same weekday of the 8 weeks before, of which 4 must be known. A longer
    period is measured by the same one of the 5 years before where 3 of those are known, else by the
    periods just before it, of which 6 must be known.

    Args:
        earlier: known periods before it, oldest first.
        start: its first day.
        grain: how long it is.
    """
    if grain is Grain.DAY:
        near = _since(earlier, start - timedelta(weeks=WEEKS_BACK))
        kind = f"{_DAY_NAMES[start.weekday()]} of the {WEEKS_BACK} weeks before"
        return _seasonal(near, start, grain, LEAST_DAYS, kind)
    years = _since(earlier, start - timedelta(days=366 * YEARS_BACK))
    kind = f"{_named(start, grain)} of the {YEARS_BACK} years before"
    if grain is not Grain.YEAR and (same := _seasonal(years, start, grain, LEAST_YEARS, kind)):
        return same
    values = [at.value for at in _since(earlier, start - timedelta(days=_LOOK_BACK[grain]))]
    if len(values) < LEAST_PERIODS:
        return None
    middle = median(values)
    strays = deviation(value - middle for value in values)
    return Baseline(middle, strays, tuple(values), f"{grain.value}s just before")


def deviation(residuals: Iterable[float]) -> float:
    """Robust standard deviation of residuals; 0 where all are 0.

    1.4826 times the median of their sizes, or where most are 0 1.2533 times the mean (Iglewicz and
    Hoaglin, "How to Detect and Handle Outliers", ASQC 1993, section 3).
    """
    sizes = [abs(residual) for residual in residuals]
    if not sizes:
        return 0.0
    return median(sizes) * _TO_DEVIATION or fmean(sizes) * _MEAN_TO_DEVIATION


def _since(earlier: Sequence[Known], first: date) -> list[Known]:
    return [at for at in earlier if at.window.start >= first]


def _seasonal(
    near: Sequence[Known], start: date, grain: Grain, least: int, kind: str
) -> Baseline | None:
    """The same season's median; how far all seasons stray from theirs, or this one if farther."""
    seasons: dict[int, list[float]] = {}
    for at in near:
        seasons.setdefault(_season(at.window.start, grain), []).append(at.value)
    own = seasons.get(_season(start, grain), [])
    if len(own) < least:
        return None
    strays = {name: _strays(values) for name, values in seasons.items() if len(values) >= least}
    pooled = deviation(stray for each in strays.values() for stray in each)
    widest = max(pooled, deviation(strays[_season(start, grain)]))
    return Baseline(median(own), widest, tuple(own), kind)


def _strays(values: Sequence[float]) -> list[float]:
    middle = median(values)
    return [value - middle for value in values]


def _season(start: date, grain: Grain) -> int:
    match grain:
        case Grain.DAY:
            return start.weekday()
        case Grain.WEEK:
            return start.isocalendar().week
        case _:
            return start.month


def _named(start: date, grain: Grain) -> str:
    match grain:
        case Grain.WEEK:
            return f"weeks {start.isocalendar().week}"
        case Grain.QUARTER:
            return f"Q{(start.month - 1) // 3 + 1}s"
        case _:
            return f"{start:%B}s"
