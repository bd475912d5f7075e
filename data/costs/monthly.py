"""What comes on the same day of each month, as a fee, above what the weekday alone would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from data.series.points import Known
from data.series.seasonal import SEASONS_BACK, SEASONS_USED

MONTHS_USED = 3
_LEAST_SHARE = 0.2
"""Of what the weekday would cost: less than that is no fee."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """How far each known day was above the median of the same weekdays just before it."""

    excess: Mapping[date, tuple[float, float]]
    """Above it, and the median."""

    @classmethod
    def of(cls, series: Sequence[Known]) -> Monthly:
        """Reads a series; a day with too few same weekdays before it is left out."""
        by_day = {at.window.start: at.value for at in series}
        found = {}
        for day, value in by_day.items():
            weeks = (day - timedelta(weeks=week) for week in range(1, SEASONS_BACK + 1))
            before = [by_day[then] for then in weeks if then in by_day][:SEASONS_USED]
            if len(before) == SEASONS_USED:
                usual = median(before)
                found[day] = (value - usual, usual)
        return cls(found)

    def expected(self, day: date, origin: date) -> float:
        """What comes on a day besides, as known on an earlier one.

        The median of the last three months on the same day, if it came in each of them on the same
        side; else 0. A month without such a day has it on its last.
        """
        found: list[float] = []
        month = date(origin.year, origin.month, 1)
        for _ in range(MONTHS_USED + 1):
            then = _same_day(month, day.day)
            if then < origin and len(found) < MONTHS_USED:
                if then not in self.excess:
                    return 0.0
                above, usual = self.excess[then]
                if abs(above) <= _LEAST_SHARE * abs(usual) or not above:
                    return 0.0
                found.append(above)
            month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        is_steady = len(found) == MONTHS_USED and (min(found) > 0 or max(found) < 0)
        return median(found) if is_steady else 0.0


def _same_day(month: date, day: int) -> date:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return month.replace(day=min(day, last.day))
