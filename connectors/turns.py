"""Reading several streams in turns, so that what is new of all comes before what is old of one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

Between = Callable[[], None]
"""What somebody else does between two pages."""

PAGES_A_TURN = 4
"""Pages of a stream before others have their turn."""

_ENDED = object()


def take_turns(readings: Iterable[Iterator[None]], between: Between) -> None:
    """Reads some pages of each stream, again and again, until all have come to their end.

    Args:
        readings: each reads a page whenever it is asked for the next.
        between: called after each page.
    """
    waiting = deque(readings)
    while waiting:
        reading = waiting.popleft()
        for _ in range(PAGES_A_TURN):
            if next(reading, _ENDED) is _ENDED:
                break
            between()
        else:
            waiting.append(reading)
