"""Pages that are logged and wait to be merged together.

A kill costs none of them: what the log tells and the database lacks, the next sync applies.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from data.store.working import Told, Touched, Working

MOST_ROWS = 100_000
MOST_SECONDS = 5.0
"""For which rows may wait: what is published meanwhile lacks them."""


class Gathered:
    """What waits."""

    def __init__(self, working: Working, clock: Callable[[], float] = time.monotonic) -> None:
        """Begins with nothing.

        Args:
            working: the database that the rows go into.
            clock: seconds that only grow.
        """
        self._working = working
        self._clock = clock
        self._told: list[Told] = []
        self._rows = 0
        self._merged_at = clock()

    def add(self, page: Told) -> Touched:
        """Takes a page; merges all that wait once they are many, or the last merge is long ago."""
        self._told.append(page)
        self._rows += sum(map(len, page.tables.values()))
        is_long_ago = self._clock() - self._merged_at >= MOST_SECONDS
        return self.merge() if is_long_ago or self._rows >= MOST_ROWS else Touched()

    def merge(self) -> Touched:
        """Merges all that wait."""
        told, self._told, self._rows = self._told, [], 0
        touched = self._working.apply_all(told) if told else Touched()
        self._merged_at = self._clock()
        return touched
