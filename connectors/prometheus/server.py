"""One Prometheus server: its clock, what it keeps, its rules, and queries over times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from connectors.answers.understanding import LATE
from connectors.http.errors import NotFound, UnexpectedReply
from connectors.http.session import Http, Params, Reply
from connectors.prometheus.answers import times_of
from connectors.prometheus.queries import heartbeat

MOST_POINTS = 10_000
"""Prometheus tells 11,000 points of a series at most."""

_UNIT_SECONDS = {
    "ms": 0.001,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
    "w": 604_800,
    "y": 31_536_000,
}
_LATE_SECONDS = 30
"""Samples are stored a little after the time they bear."""
_UNLIMITED_DAYS = 365
"""How far back to look where a server keeps all, or does not say how long."""
_FIRST_LOOK_SECONDS = 3600


@dataclass(frozen=True)
class Server:
    """Asks one server; what does not change during a sync is asked once."""

    http: Http
    heartbeat: str
    history_days: int | None

    @cached_property
    def now(self) -> int:
        """Seconds since 1970 by its own clock, up to which all samples are stored."""
        told = self._get("query", {"query": "time()"}).json()
        return int(float(told["data"]["result"][1])) - _LATE_SECONDS

    @cached_property
    def retention_seconds(self) -> int | None:
        """How long it keeps samples; null if it does not say."""
        try:
            told = self._get("status/runtimeinfo").json()
        except NotFound:  # servers that only speak the same language
            return None
        return duration_seconds(str(told["data"].get("storageRetention", "")))

    @cached_property
    def oldest(self) -> int:
        """When that begins which it may still have and which is wanted."""
        days = _UNLIMITED_DAYS if self.history_days is None else self.history_days
        seconds = days * 86_400
        kept = self.retention_seconds
        if kept is not None:
            seconds = kept if self.history_days is None else min(kept, seconds)
        return max(0, self.now - seconds)

    @cached_property
    def first(self) -> int:
        """When its samples begin, an hour more or less."""
        step = max(_FIRST_LOOK_SECONDS, -(-(self.now - self.oldest) // MOST_POINTS))
        found = self.range(heartbeat(self.heartbeat, step), self.oldest, self.now, step).json()
        return max(self.oldest, min(times_of(found), default=self.now) - step)

    def rules(self) -> Reply:
        """The alerting rules, each with its alerts of now."""
        return self._get("rules", {"type": "alert"})

    def version(self) -> str:
        """What it calls its version."""
        return str(self._get("status/buildinfo").json()["data"]["version"])

    def range(self, query: str, since: int, until: int, step: int) -> Reply:
        """Asks for the points of a query from `since` to `until`, both with it."""
        asked: Params = {"query": query, "start": since, "end": until, "step": step}
        return self._get("query_range", asked)

    def instant(self, query: str, at: int) -> Reply:
        """Asks for what a query told at a time."""
        return self._get("query", {"query": query, "time": at})

    def _get(self, path: str, params: Params | None = None) -> Reply:
        reply = self.http.get(f"api/v1/{path}", params)
        told = reply.json()
        if not isinstance(told, dict) or told.get("status") != "success" or "data" not in told:
            raise UnexpectedReply("the answer is none of Prometheus", reply.where, LATE)
        return reply


def duration_seconds(text: str) -> int | None:
    """The first duration in a text such as `15d or 512MB`; null if there is none, or it is zero."""
    found = re.match(r"(?:\d+(?:ms|[smhdwy]))+(?![\w])", text.strip())
    parts = re.findall(r"(\d+)(ms|[smhdwy])", found.group()) if found else []
    return int(sum(int(number) * _UNIT_SECONDS[unit] for number, unit in parts)) or None
