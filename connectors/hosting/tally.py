"""How far the reading of a source has come, in one line.

It says what is read, when that will end, and how many requests the source still allows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_SURE_AFTER = timedelta(seconds=5)
"""Before that nothing is said about the end."""


class Tally:
    """Adds up what the streams of a source tell."""

    def __init__(
        self,
        source: str,
        clock: Callable[[], datetime],
        progress: Callable[[str, int, int | None], None],
        remaining: Callable[[], int | None],
    ) -> None:
        """Starts with nothing read.

        Args:
            source: name of the source.
            clock: the time now.
            progress: is told the line, how many things are read and of how many.
            remaining: requests left of the source's limits; null if it tells none.
        """
        self._source = source
        self._clock = clock
        self._progress = progress
        self._remaining = remaining
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}
        self._before: dict[str, int] = {}
        """What was done of each stream when it was first told of: by an earlier sync, mostly."""
        self._began_at: datetime | None = None

    def tell(self, stream: str, done: int, total: int | None) -> None:
        """Takes note of how far a stream is, and tells how far all are."""
        now = self._clock()
        self._began_at = self._began_at or now
        self._before.setdefault(stream, done)
        self._done[stream] = done
        self._total[stream] = max(done, total or 0)
        parts = [f"{self._source}: {stream}", *self._outlook(now)]
        self._progress(", ".join(parts), sum(self._done.values()), sum(self._total.values()))

    def _outlook(self, now: datetime) -> list[str]:
        said = []
        took = now - (self._began_at or now)
        done = sum(self._done.values())
        left = sum(self._total.values()) - done
        gained = done - sum(self._before.values())
        if took >= _SURE_AFTER and gained and left:
            said.append(f"about {_in_words(took * (left / gained))} left")
        remaining = self._remaining()
        if remaining is not None:
            said.append(f"{remaining:,} requests allowed")
        return said


def _in_words(span: timedelta) -> str:
    minutes = span / timedelta(minutes=1)
    if minutes < 1:
        return f"{max(1, round(span.total_seconds()))} s"
    return f"{round(minutes)} min" if minutes < 90 else f"{minutes / 60:.0f} h"
