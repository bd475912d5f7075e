"""When an invented registry, which keeps no times, was read: once an hour, if it answered."""

from __future__ import annotations

from connectors.demo.learning import Days
from connectors.demo.simulation import instant

_HOUR = 3600


class Readings:
    """Tells between which two readings something happened."""

    def __init__(self, first_at: int, unread: tuple[Days, ...]) -> None:
        self._first_at = first_at
        self._unread = [(instant(days.first), instant(days.end)) for days in unread]

    def around(self, at: int) -> tuple[int | None, int]:
        """The last reading that did not show it yet, and the first that did.

        The first of the two is null for what was there when the registry was first read.
        """
        if at < self._first_at:
            return None, self._first_at
        after_at = at - at % _HOUR
        before_at = after_at + _HOUR
        for from_at, until_at in self._unread:
            if from_at <= before_at and after_at < until_at:
                after_at = min(after_at, from_at - _HOUR)
                before_at = max(before_at, until_at)
        return after_at, before_at
