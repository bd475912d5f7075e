"""One stretch of time of the stream of alerts, which is read in one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from connectors.answers.page import write_page
from connectors.http.reply import Reply
from connectors.interface import Json
from connectors.prometheus import queries
from connectors.prometheus.answers import times_of, warnings_of
from connectors.prometheus.firings import Watch
from connectors.prometheus.server import Server
from connectors.prometheus.settings import PrometheusSettings


@dataclass(frozen=True)
class Window:
    """What is asked of it, and what the page says beside the answers."""

    server: Server
    settings: PrometheusSettings
    since: int
    until: int
    """The same as `since` where only what fires now is told."""
    step: int
    beat: int | None
    """The last step before it in which the server was at work."""
    lost: Sequence[int] | None
    words: Mapping[str, str]
    """What alerts said that fired when it was read last."""
    rules: Reply
    is_last: bool
    """Whether it ends now: what fires at its end fires still."""

    def page(self, web_url: str) -> bytes:
        """The page that is archived.

        Args:
            web_url: where people see the server.
        """
        header = {
            "server": web_url,
            "labels": self.settings.labels.model_dump(mode="json"),
            "environment": self.settings.environment,
            "from": self.since,
            "until": self.until,
            "step": self.step,
            "beat": self.beat,
            "lost": self.lost,
            "words": self.words,
            "is_last": self.is_last,
            "asked": self._queries,
            "answers": list(self._replies),
        }
        return write_page(header, *(reply.body for reply in self._replies.values()))

    @property
    def last_beat(self) -> int | None:
        """The last step up to its end in which the server was at work."""
        return max(self._beats, default=None)

    @property
    def is_news(self) -> bool:
        """Whether anything fired, ended or is missing."""
        return bool(
            self.lost
            or any(self._told[name]["data"]["result"] for name in self._told.keys() & _FIRING)
            or any(map(warnings_of, self._told.values()))
            or Watch(self._beats, self.step).holes
        )

    @cached_property
    def _beats(self) -> Sequence[int]:
        known = set() if self.beat is None else {self.beat}
        told = self._told.get("heartbeat")
        return sorted(known if told is None else known | set(times_of(told)))

    @cached_property
    def _told(self) -> Mapping[str, Json]:
        return {name: reply.json() for name, reply in self._replies.items()}

    @cached_property
    def _queries(self) -> Mapping[str, str]:
        if self.until <= self.since:
            return {}
        return {
            "firing": queries.firing(self.step),
            "heartbeat": queries.heartbeat(self.settings.heartbeat, self.step),
            "unscraped": queries.unscraped(self.step),
        }

    @cached_property
    def _replies(self) -> Mapping[str, Reply]:
        # The last step of the window before is read again: what fired in it may have ended.
        replies = {
            name: self.server.range(query, self.since, self.until, self.step)
            for name, query in self._queries.items()
        }
        if replies and self.beat is not None and self.beat < self.since:
            replies["open"] = self.server.instant(self._queries["firing"], self.beat)
        return {**replies, "rules": self.rules}


_FIRING = {"firing", "open"}
