"""How far the reading of a source has come, in one line.

It says what is read, how many streams are done and left, when that will end, and how many requests
the source still allows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_SURE_AFTER = timedelta(seconds=5)
"""Before that nothing is said about the end."""
_ITEMS_A_PAGE = 100
"""So many items are about as much work as it is to look at a stream."""


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
            progress: is told the line, how many streams are read and of how many.
            remaining: requests left of the source's limits; null if it tells none.
        """
        self._source = source
        self._clock = clock
        self._progress = progress
        self._remaining = remaining
        self._streams = self._begun = self._ended = 0
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}
        self._before: dict[str, int] = {}
        """What was done of each stream when it was first told of: by an earlier sync, mostly."""
        self._began_at: datetime | None = None

    def expect(self, streams: int) -> None:
        """So many streams are to be read."""
        self._streams, self._began_at = streams, self._clock()

    def begin(self) -> None:
        """A stream is looked at for the first time."""
        self._begun += 1

    def end(self, stream: str) -> None:
        """A stream is read to its end."""
        self._ended += 1
        if stream in self._done:
            self._total[stream] = self._done[stream]
        self._tell(stream)

    def tell(self, stream: str, done: int, total: int | None) -> None:
        """Takes note of how far a stream is, and tells how far all are."""
        self._before[stream] = min(self._before.get(stream, done), done)
        self._done[stream] = done
        self._total[stream] = max(done, total or 0)
        self._tell(stream)

    def _tell(self, stream: str) -> None:
        done, total = sum(self._done.values()), sum(self._total.values())
        said = [f"{self._source}: {stream}"]
        if done < total:
            said.append(f"{done:,} of {total:,} items")
        left = self._left(done, total)
        if left is not None:
            said.append(f"about {_in_words(left)} left")
        remaining = self._remaining()
        if remaining is not None:
            said.append(f"{remaining:,} requests allowed")
        self._progress(", ".join([*said, "streams"]), self._ended, self._streams)

    def _left(self, done: int, total: int) -> timedelta | None:
        """When all will be read, if those not begun are like those that are; null if unsure."""
        took = self._clock() - (self._began_at or self._clock())
        begun = self._begun or 1
        waiting = max(self._streams - begun, 0)
        left = waiting * (1 + total / begun / _ITEMS_A_PAGE) + (total - done) / _ITEMS_A_PAGE
        gained = begun + (done - sum(self._before.values())) / _ITEMS_A_PAGE
        return took * (left / gained) if took >= _SURE_AFTER and left else None


def _in_words(span: timedelta) -> str:
    minutes = span / timedelta(minutes=1)
    if minutes < 1:
        return f"{max(1, round(span.total_seconds()))} s"
    return f"{round(minutes)} min" if minutes < 90 else f"{minutes / 60:.0f} h"
