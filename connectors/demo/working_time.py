"""Working days and hours of one place, as instants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Set
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class WorkingTime:
    """Time that only runs on working days between two local hours.

    Instants are whole seconds since 1970 in UTC. A clock change moves the local hours with it.
    """

    def __init__(
        self,
        timezone: str,
        holidays: Set[tuple[int, int]],
        hours: tuple[int, int],
        first: date,
        last: date,
    ) -> None:
        zone = ZoneInfo(timezone)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [d for d in days if d.weekday() < 5 and (d.month, d.day) not in holidays]
        opens = time(hours[0])
        self.opens_at = [
            int(datetime.combine(day, opens, tzinfo=zone).timestamp()) for day in self.days
        ]
        self.day_seconds = (hours[1] - hours[0]) * 3600

    def move(self, at: int, seconds: float) -> int:
        """The instant this much working time later, or earlier if negative.

        Outside working time the clock stands still: moving by 0 gives the next opening.
        """
        day = bisect_right(self.opens_at, at) - 1
        passed = min(at - self.opens_at[day], self.day_seconds)
        day, passed = divmod(day * self.day_seconds + passed + int(seconds), self.day_seconds)
        day = max(0, min(day, len(self.days) - 1))
        return self.opens_at[day] + passed

    def day_of(self, at: int) -> date:
        """The working day that has begun last."""
        return self.days[bisect_right(self.opens_at, at) - 1]
