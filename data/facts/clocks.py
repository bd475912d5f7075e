"""Local clocks as rows: each stretch of time in which a zone keeps one offset from UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `from_at` (included) to `until_at` (excluded) the zone is `offset_seconds` off UTC."""

    timezone: str
    from_at: datetime
    until_at: datetime
    offset_seconds: int


def stretches(timezone: str, first: datetime, last: datetime) -> list[Stretch]:
    """Covers all of time with stretches, exact to the second between `first` and `last` (UTC).

    Outside of them the nearest offset is kept on, so that no row is ever lost in a join.
    """
    zone = ZoneInfo(timezone)
    bounds = [FIRST, *_transitions(zone, first, last), LAST]
    return [
        Stretch(timezone, start, end, _offset(zone, min(max(start, first), last)))
        for start, end in pairwise(bounds)
    ]


def _transitions(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    found = []
    at = first
    while at < last:
        following = min(at + timedelta(days=7), last)
        if _offset(zone, at) != _offset(zone, following):
            found.append(_bisect(zone, at, following))
        at = following
    return found


def _bisect(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle <= low:
            break
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
