"""What to expect of the next periods: the seasonal naïve forecast, and how well it would have done.

Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 5.2
(seasonal naïve and drift), 5.10 (rolling origins). In place of the one last season stands the
median of the last four, which a single odd day cannot bend.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean

import numpy as np

from data.period import Grain, Window
from data.series.points import Known, Point, known
from data.series.seasonal import (
    HORIZON,
    SEASONS_USED,
    Step,
    drift_of,
    last_alike,
    next_periods,
    season_of,
)

LEAST_ORIGINS = 12
MOST_ORIGINS = 56
_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Expected:
    """One period to come: the value expected, and where 8 of 10 would have been."""

    window: Window
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """How far off the same forecast was, made from earlier days and held against what came."""

    mean_absolute_error: float
    """In the unit of the metric."""
    share: float | None
    """The error as a share of the mean of what came; None where that is 0."""
    origins: int
    """From how many earlier ends of the series it was made."""
    compared: int
    """Periods compared."""
    naive_error: float
    """Of the same periods, had the last one alike simply been carried on: the one to beat."""

    @property
    def beats_naive(self) -> bool:
        """Whether the forecast was nearer than the last one alike, or never off at all."""
        return self.mean_absolute_error < self.naive_error or self.mean_absolute_error == 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The periods to come, and what the forecast is worth."""

    expected: tuple[Expected, ...]
    """Without days whose weekday is too seldom known, such as those on which nobody works."""
    back_test: BackTest
    has_drift: bool
    """Whether a steady change from season to season is carried on: where that erred less."""
    drift: float
    """Change from one season to the next, in the unit of the metric."""
    is_weekly: bool
    """Whether days are expected to be as the same weekday, else periods as those just before."""

    def in_words(self, off: Callable[[float], str], grain: Grain) -> str:
        """The rule and what it is worth, with errors told by `off`."""
        alike = "known same weekdays" if self.is_weekly else f"known {grain.value}s"
        drift = ", and the change from one to the next is carried on" if self.has_drift else ""
        test = self.back_test
        share = "" if test.share is None else f", {test.share * 100:.0f} % of the mean of what came"
        return (
            f"The median of the last {SEASONS_USED} {alike}{drift}. Made from {test.origins} "
            f"earlier ends, it was off by {off(test.mean_absolute_error)} on average{share} "
            f"({test.compared} compared); 8 of 10 were within the band. {self._against(off, grain)}"
        )

    def _against(self, off: Callable[[float], str], grain: Grain) -> str:
        last = "last known same weekday" if self.is_weekly else f"last known {grain.value}"
        naive = f"The {last} carried on would have been off by {off(self.back_test.naive_error)}"
        if self.back_test.beats_naive:
            return f"{naive}."
        return f"{naive}: no farther, so the forecast is not drawn."


@dataclass(frozen=True, slots=True)
class TooShort:
    """No forecast: what is known does not reach far enough to test one."""

    known: int
    needed: int
    origins: int

    def in_words(self, grain: Grain) -> str:
        """What is missing, as a sentence."""
        return (
            f"no forecast: it takes {self.needed} known {grain.value}s in a row, or more with "
            f"gaps, to make one and to test it from {LEAST_ORIGINS} earlier ends; {self.known} "
            f"are known, which allow for {self.origins}"
        )


def forecast(series: Sequence[Point], grain: Grain) -> Forecast | TooShort:
    """Forecasts the periods after the last known one.

    Each takes four known periods alike in the eight seasons before; at least half of the periods to
    come must have them.

    Args:
        series: periods, oldest first; unknown ones are passed over.
        grain: how long they are.
    """
    told = known(series)
    plain, drifting = (_tested(told, grain, has_drift=has_drift) for has_drift in (False, True))
    made = next_periods(told, grain, has_drift=False)
    if made is None or len(plain.origins) < LEAST_ORIGINS:
        return TooShort(len(told), needed_periods(grain), len(plain.origins))
    best = plain
    carried_on = next_periods(told, grain, has_drift=True)
    if carried_on is not None and _is_better(drifting, plain):
        best, made = drifting, carried_on
    expected = tuple(_banded(each, best.band(each.step, grain)) for each in made)
    has_drift = best is drifting
    drift = drift_of(told, grain) if has_drift else 0.0
    return Forecast(expected, best.told(), has_drift, drift, grain is Grain.DAY)


def needed_periods(grain: Grain) -> int:
    """How many known periods a forecast and its test take, where none in between is unknown."""
    return season_of(grain) * SEASONS_USED + LEAST_ORIGINS - 1 + HORIZON[grain]


def _banded(made: Step, band: tuple[float, float]) -> Expected:
    return Expected(made.window, made.value, made.value + band[0], made.value + band[1])


@dataclass(frozen=True, slots=True)
class _Error:
    origin: int
    step: int
    came: float
    error: float
    """What came less what was forecast."""
    naive: float
    """What came less the last known one alike."""


@dataclass(frozen=True, slots=True)
class _Errors:
    rows: tuple[_Error, ...]

    @property
    def origins(self) -> set[int]:
        return {row.origin for row in self.rows}

    def mean(self, origins: set[int]) -> float:
        return fmean(abs(row.error) for row in self.rows if row.origin in origins)

    def band(self, step: int, grain: Grain) -> tuple[float, float]:
        """Where 8 of 10 errors lie, of this season ahead and of those nearer."""
        farthest = ceil(step / season_of(grain)) * season_of(grain)
        found = [row.error for row in self.rows if row.step <= farthest]
        low, high = np.quantile(found or [row.error for row in self.rows], [_LOW, _HIGH])
        return float(min(low, 0.0)), float(max(high, 0.0))

    def told(self) -> BackTest:
        error = self.mean(self.origins)
        size = fmean(abs(row.came) for row in self.rows)
        naive = fmean(abs(row.naive) for row in self.rows)
        share = error / size if size else None
        return BackTest(error, share, len(self.origins), len(self.rows), naive)


def _is_better(drifting: _Errors, plain: _Errors) -> bool:
    """Whether carrying the drift on erred less, from the ends that both were made from."""
    both = drifting.origins & plain.origins
    return len(both) >= LEAST_ORIGINS and drifting.mean(both) < plain.mean(both)


def _tested(told: Sequence[Known], grain: Grain, *, has_drift: bool) -> _Errors:
    """Forecasts from each of the last ends that have a horizon of known periods behind them."""
    by_start = {at.window.start: at.value for at in told}
    rows = []
    ends = range(1, len(told) - HORIZON[grain] + 1)
    for end in ends[-MOST_ORIGINS:]:
        made = next_periods(told[:end], grain, has_drift=has_drift) or []
        for each in made:
            came = by_start.get(each.window.start)
            last = last_alike(told[:end], each.window.start, grain)
            if came is not None and last is not None:
                rows.append(_Error(end, each.step, came, came - each.value, came - last))
    return _Errors(tuple(rows))
