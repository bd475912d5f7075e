"""What is measured of a service day by day: availability, requests, use of its processors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.demo.dice import Dice
from connectors.demo.history import Outage
from connectors.demo.operations import Watched
from connectors.demo.organisation import PRODUCTION, Organisation, story_at
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import IndicatorKind

_DAY = 86_400
_WEEKDAYS = (1.0, 1.06, 1.05, 1.04, 1.0, 0.62, 0.55)
_FIRST_WEEKDAY = 3
"""1 January 1970 was a Thursday."""
_GROWTH_A_DAY = 0.0004
_LOST_SHARE = {"critical": 0.09, "major": 0.035, "minor": 0.006}
"""Share of requests that fail during an incident."""
_EVER_LOST = 0.0004


@dataclass(frozen=True, slots=True)
class Uptime:
    """Measures one service."""

    seed: int
    url: str
    target: float
    organisation: Organisation
    watched: Watched
    outages: Sequence[Outage]
    """Those of this service in production."""

    def tell(self, until_at: int) -> Iterator[Told]:
        """The values of every day before an instant."""
        first_at = instant(self.watched.first)
        for day_at in range(first_at, until_at - _DAY + 1, _DAY):
            dice = Dice(self.seed, "uptime", self.watched.service, day_at)
            yield from self._day(dice, day_at, self._known_seconds(day_at))

    def _day(self, dice: Dice, day_at: int, known_seconds: int) -> Iterator[Told]:
        requests = self._requests(dice, day_at)
        good = round(1 - self._lost(dice, day_at), 6)
        used = self._processor(dice, day_at)
        is_known = known_seconds > 0
        seen = float(requests * known_seconds // _DAY)
        availability = {
            "value": good if is_known else None,
            "target": self.target,
            "total": seen if is_known else None,
        }
        yield self._told(
            day_at, "availability", IndicatorKind.OBJECTIVE, availability, known_seconds
        )
        if self.watched.has_requests and is_known:
            yield self._told(
                day_at, "requests", IndicatorKind.REQUESTS, {"value": seen}, known_seconds
            )
        if used is not None and is_known:
            yield self._told(
                day_at, "processor", IndicatorKind.UTILISATION, {"value": used}, known_seconds
            )

    def _told(
        self, day_at: int, name: str, kind: IndicatorKind, more: dict[str, Any], known_seconds: int
    ) -> Told:
        service = self.watched.service
        fields = {
            "id": f"{service}#{name}/{day_at}",
            "url": f"{self.url}/{service}/{name}",
            "name": name,
            "kind": kind.value,
            "service": service,
            "environment": PRODUCTION,
            "from_at": day_at,
            "until_at": day_at + _DAY,
            "known_seconds": known_seconds,
            **more,
        }
        return Told(day_at + _DAY - 1, "indicator", fields)

    def _requests(self, dice: Dice, day_at: int) -> int:
        days = day_at // _DAY
        grown = 1 + _GROWTH_A_DAY * (days - instant(self.organisation.founded) // _DAY)
        weekday = _WEEKDAYS[(days + _FIRST_WEEKDAY) % len(_WEEKDAYS)]
        surge = next((s.factor for s in self.watched.surges if instant(s.on) == day_at), 1.0)
        usual = self.watched.requests_a_day * grown * weekday
        return int(usual * surge * dice.between(0.96, 1.04))

    def _lost(self, dice: Dice, day_at: int) -> float:
        """Share of the day's requests that failed."""
        lost = _EVER_LOST * dice.between(0.2, 1.2)
        for outage in self.outages:
            end_at = outage.resolved_at or outage.started_at + _DAY
            overlap = min(end_at, day_at + _DAY) - max(outage.started_at, day_at)
            if overlap > 0:
                lost += _LOST_SHARE[outage.severity] * overlap / _DAY
        burning = self.watched.burning
        if burning and instant(burning.first) <= day_at < instant(burning.end):
            lost += burning.lost_share * dice.between(0.6, 1.4)
        return min(lost, 1.0)

    def _processor(self, dice: Dice, day_at: int) -> float | None:
        course = self.watched.processor_share
        if course is None:
            return None
        used = story_at(self.organisation, course, day_at) * dice.between(0.94, 1.06)
        return round(min(used, 1.0), 4)

    def _known_seconds(self, day_at: int) -> int:
        """How much of a day was measured; the days before and after a hole are half known."""
        hole = self.watched.unmeasured
        if hole is None:
            return _DAY
        first_at, end_at = instant(hole.first), instant(hole.end)
        if first_at <= day_at < end_at:
            return 0
        return _DAY // 2 if day_at in (first_at - _DAY, end_at) else _DAY
