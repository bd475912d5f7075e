"""The next periods of a series as the median of those alike, with or without a steady drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import median

from data.period import Grain, Window, following
from data.series.points import Known

SEASONS_USED = 4
SEASONS_BACK = 8
HORIZON = {Grain.DAY: 14, Grain.WEEK: 4, Grain.MONTH: 3, Grain.QUARTER: 2, Grain.YEAR: 1}


@dataclass(frozen=True, slots=True)
class Step:
    """A period to come."""

    step: int
    """How many periods ahead."""
    window: Window
    value: float


def next_periods(
    told: Sequence[Known], grain: Grain, *, has_drift: bool, horizon: int | None = None
) -> list[Step] | None:
    """The next periods that have enough to go by; None where fewer than half of them have.

    Args:
        told: known periods, oldest first.
        grain: how long they are.
        has_drift: whether the change from season to season is carried on.
        horizon: how many periods; default: those of the grain.
    """
    ahead = HORIZON[grain] if horizon is None else horizon
    season = season_of(grain)
    least = SEASONS_BACK if has_drift else SEASONS_USED
    if not told or ordinal(told[-1].window.end, grain) - _first(told, grain) < least * season:
        return None
    drift = drift_of(told, grain) if has_drift else 0.0
    recent = _recent(told, grain)
    made = []
    start = told[-1].window.end
    for step in range(1, ahead + 1):
        window = Window(start, following(start, grain))
        to_come = ordinal(start, grain)
        start = window.end
        alike = [(at, value) for at, value in recent if (to_come - at) % season == 0]
        if len(alike) >= SEASONS_USED:
            carried = (value + drift * (to_come - at) / season for at, value in alike)
            made.append(Step(step, window, median(list(carried)[-SEASONS_USED:])))
    return made if len(made) * 2 >= ahead else None


def last_alike(told: Sequence[Known], start: date, grain: Grain) -> float | None:
    """The value of the newest known period like the one that begins on a day, carried on."""
    to_come = ordinal(start, grain)
    season = season_of(grain)
    alike = (
        at for at in reversed(told) if (to_come - ordinal(at.window.start, grain)) % season == 0
    )
    newest = next(alike, None)
    return None if newest is None else newest.value


def _first(told: Sequence[Known], grain: Grain) -> int:
    return ordinal(told[0].window.start, grain)


def drift_of(told: Sequence[Known], grain: Grain) -> float:
    """Median change from season to season of all pairs alike (Sen, JASA 63, 1968)."""
    season = season_of(grain)
    slopes = [
        (later - value) * season / (then - at)
        for (at, value), (then, later) in combinations(_recent(told, grain), 2)
        if (then - at) % season == 0
    ]
    return median(slopes) if slopes else 0.0


def _recent(told: Sequence[Known], grain: Grain) -> list[tuple[int, float]]:
    """The periods of the last eight seasons, each with its number."""
    end = ordinal(told[-1].window.start, grain)
    numbered = ((ordinal(at.window.start, grain), at.value) for at in told)
    return [(at, value) for at, value in numbered if end - at < SEASONS_BACK * season_of(grain)]


def season_of(grain: Grain) -> int:
    """Periods from one to the next that is expected to be like it."""
    return 7 if grain is Grain.DAY else 1


def ordinal(start: date, grain: Grain) -> int:
    """The number of a period: that of the one after it is larger by one."""
    match grain:
        case Grain.DAY:
            return start.toordinal()
        case Grain.WEEK:
            return start.toordinal() // 7
        case Grain.MONTH:
            return start.year * 12 + start.month
        case Grain.QUARTER:
            return start.year * 4 + (start.month - 1) // 3
        case Grain.YEAR:
            return start.year
