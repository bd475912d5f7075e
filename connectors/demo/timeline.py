"""Events in the order of their times."""

from __future__ import annotations

import heapq
from collections.abc import Callable

Event = Callable[[int], None]
"""Something that happens at an instant; it may plan further events, but none in the past."""


class Timeline:
    """Plans events and lets them happen; those of one second happen as they were planned."""

    def __init__(self) -> None:
        self._planned: list[tuple[int, int, Event]] = []
        self._count = 0

    def plan(self, at: int, event: Event) -> None:
        """Lets an event happen at an instant."""
        self._count += 1
        heapq.heappush(self._planned, (at, self._count, event))

    def run(self, until_at: int) -> None:
        """Lets everything happen that is planned before an instant, and what follows from it."""
        while self._planned and self._planned[0][0] < until_at:
            at, _, event = heapq.heappop(self._planned)
            event(at)
