"""A past that is backfilled: samples of alerts, scrapes and counters, every half a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tests.servers.prometheus import Sample

EVERY_SECONDS = 30
_OFFSET_SECONDS = 5
"""Samples lie within the steps, as those of real servers do, not on their edges."""

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
DAY = int((TODAY - timedelta(days=2)).timestamp())
"""Start of the day of which tests tell: it is over, and a real server keeps it."""

Stretch = tuple[int, int]
"""Seconds after `DAY`."""


def moment(seconds: float) -> datetime:
    """A time so many seconds after `DAY`."""
    return datetime.fromtimestamp(DAY + seconds, UTC)


def series(
    name: str, labels: Mapping[str, str], stretch: Stretch, value: Callable[[int], float]
) -> Iterator[Sample]:
    """Samples of a stretch; the value is told from the seconds after `DAY`."""
    for seconds in range(stretch[0] + _OFFSET_SECONDS, stretch[1], EVERY_SECONDS):
        yield name, labels, DAY + seconds, value(seconds)


def up(stretch: Stretch, value: float = 1, instance: str = "a") -> Iterator[Sample]:
    """Scrapes of a target."""
    labels = {"job": "self" if instance == "a" else "shop", "instance": instance}
    return series("up", labels, stretch, lambda _: value)


def alert(
    stretch: Stretch,
    active: int,
    fires: Stretch | None = None,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Iterable[Sample]:
    """What an alert leaves behind that was active in a stretch, and fired in some of it."""
    named = {"alertname": "ErrorsHigh", "severity": "page", "service": "shop", **labels}
    yield from series("ALERTS_FOR_STATE", named, stretch, lambda _: float(DAY + active))
    firing = {**named, "alertstate": "firing"}
    yield from series("ALERTS", firing, fires or stretch, lambda _: 1.0)
