"""The stream of alerts: windows of the past, and what fires now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.answers.page import Header
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json, Stream
from connectors.prometheus.alert_rows import AlertRows
from connectors.prometheus.alert_window import Window
from connectors.prometheus.reader import Items, PrometheusReader, at
from connectors.prometheus.rules import firing_items, step_seconds, words_now
from data.model import Gap, GapReason, Record

_WINDOW_POINTS = 2_880
_DAY_SECONDS = 86_400
_SILENT_STEPS = 10
"""So long nothing may come from the server before that is told."""


@dataclass(frozen=True, slots=True)
class _Position:
    """How far the past is read."""

    since: int
    """What happened since then is read."""
    until: int
    beat: int | None
    """The last step by then in which the server was at work."""
    current: str
    """A hash of what fired when it was read last."""
    retention_seconds: int | None
    words: Mapping[str, str]
    """What each alert said that fired then: when it ended, nobody tells it any more."""

    @property
    def cursor(self) -> Cursor:
        return {
            "since": self.since,
            "until": self.until,
            "beat": self.beat,
            "current": self.current,
            "retention_seconds": self.retention_seconds,
            "words": self.words,
        }


class Alerts(PrometheusReader):
    """Reads when alerts fired from the series that rules leave behind."""

    stream = Stream("alerts", ("alert", "gap"), "queries and rules")
    window_points = _WINDOW_POINTS
    """Steps a page."""

    def pull(self, cursor: Cursor) -> Items:
        """Yields a page a window, but none of a last one in which nothing happened."""
        rules = self._server.rules()
        step = self._settings.step_seconds or step_seconds(rules.json())
        known = _Position(**cursor) if cursor else self._start(step)
        until = self._server.now // step * step
        yield from self._windows(known, until, step, rules, is_new=not cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        named = dict(zip(header["answers"], answers, strict=True))
        yield from self.warned(header, answers)
        if header["lost"]:
            yield self.lost(*header["lost"])
        yield from AlertRows(self._api, header, named).rows()

    def _start(self, step: int) -> _Position:
        first = self._server.first // step * step
        return _Position(first, first, None, "", self._server.retention_seconds, {})

    def _windows(
        self, known: _Position, until: int, step: int, rules: Reply, *, is_new: bool
    ) -> Items:
        current = _digest(rules.json())
        since = max(known.until, self._server.oldest if until > known.until else 0) // step * step
        lost = [known.until, since] if since > known.until else None
        while since < until or current != known.current:
            end = min(since + self.window_points * step, until)
            is_last = end >= until
            window = Window(
                server=self._server,
                settings=self._settings,
                since=since,
                until=end,
                step=step,
                beat=known.beat if lost is None else None,
                lost=lost,
                words=known.words,
                rules=rules,
                is_last=is_last,
            )
            moved = _Position(
                known.since,
                max(end, known.until),
                window.last_beat,
                current if is_last else known.current,
                self._server.retention_seconds if end > since else known.retention_seconds,
                words_now(rules.json()) if is_last else known.words,
            )
            is_due = is_new or not is_last or end - known.until >= _DAY_SECONDS
            if is_due or window.is_news or current != known.current:
                page, complete_from = window.page(self.pages), at(known.since)
                yield Batch(page, moved.cursor, is_last=is_last, complete_from=complete_from)
            known, since, lost = moved, end, None
            if is_last:
                break
        yield from self._silent(known.beat, until, step)

    def _silent(self, beat: int | None, until: int, step: int) -> Iterator[Gap]:
        if beat is not None and until - beat <= _SILENT_STEPS * step:
            return
        told = f"since {at(beat):%Y-%m-%d %H:%M} UTC" if beat is not None else "at all"
        yield self._api.gap(
            "alerts/silent",
            GapReason.UNAVAILABLE,
            f"the server scraped and evaluated nothing {told}: "
            "whether alerts ended since cannot be told",
            "see that it scrapes itself or a target, or name another `heartbeat`",
            during=(at(beat) if beat is not None else None, None),
        )


def _digest(rules: Json) -> str:
    """Changes when an alert begins to fire or fires no more."""
    told = [[alert.get("labels"), alert.get("activeAt")] for _, alert in firing_items(rules)]
    return hashlib.sha256(repr(sorted(map(repr, told))).encode()).hexdigest()[:16]
