"""How many events a source may send: a bucket of tokens that fills up with time."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

_BURST_SECONDS = 10
"""What a sender may send at once after a silence is what it may send in this time."""


class Bucket:
    """Gives a token for each event."""

    def __init__(self, a_second: float, clock: Callable[[], float] = monotonic) -> None:
        self._a_second = a_second
        self._size = max(1.0, a_second * _BURST_SECONDS)
        self._left = self._size
        self._clock = clock
        self._at = clock()

    def take(self) -> int:
        """Takes one; returns 0, or the whole seconds to wait if there is none."""
        now = self._clock()
        self._left = min(self._size, self._left + (now - self._at) * self._a_second)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0
        return math.ceil((1 - self._left) / self._a_second)
