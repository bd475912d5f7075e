"""What a page of alerts says: each time one fired, and when nobody watched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.api.fields import packed
from connectors.api.source import ApiSource
from connectors.interface import Json
from connectors.prometheus.answers import items_of, series_of, times_of
from connectors.prometheus.firings import Firing, Key, Watch, ended, firings
from connectors.prometheus.labels import LabelNames, Labels, fingerprint, first_of
from connectors.prometheus.reader import at, graph
from connectors.prometheus.rules import Current, current_of, firing_items, summary_of, word_key
from data.model import Alert, Gap, GapReason, Record

_MOST_HOLES = 20
_NO_HEARTBEAT = (
    "nothing, if it was down; if it works all the time, raise `step_seconds` to twice the longest "
    "interval of scrapes and rules"
)


@dataclass(frozen=True)
class AlertRows:
    """One page."""

    api: ApiSource
    header: Header
    answers: Mapping[str, Json]

    def rows(self) -> Iterator[Record]:
        """Its alerts, and what is missing."""
        unread: list[Gap] = []
        found = {**self._seen(unread)}
        if "heartbeat" in self.answers:
            found = {**ended(found, self._watch)}
            yield from self._holes()
        now = self._now(unread) if self.header["is_last"] else {}
        for key, current in now.items():
            known = found.get(key)
            last_at = max(current.seen_at, known.last_at) if known else current.seen_at
            found[key] = Firing(current.labels, current.active_at, last_at)
        yield from {gap.id: gap for gap in unread}.values()
        for key, firing in found.items():
            if not self.header["is_last"] and self._watch.next_beat(firing.last_at) is None:
                continue  # the next page knows more of it, and this one must not unsay that
            yield self._alert(key, firing, now.get(key))
            if firing.unscraped_until is not None:
                yield self._unscraped(key, firing, firing.unscraped_until)

    def _seen(self, unread: list[Gap]) -> Mapping[Key, Firing]:
        found: dict[Key, Firing] = {}
        for name in ("open", "firing"):
            for item in items_of(self.answers[name]) if name in self.answers else ():
                try:
                    told = firings([series_of(item)])
                    for firing in told.values():
                        self._alert(("", 0), firing, None)
                except UNREADABLE as error:
                    unread.append(self._unreadable(item, error))
                else:
                    found |= told
        return found

    def _now(self, unread: list[Gap]) -> Mapping[Key, Current]:
        found: dict[Key, Current] = {}
        for rule, item in firing_items(self.answers["rules"]):
            try:
                current = current_of(rule, item)
                self._alert(("", 0), Firing(current.labels, current.active_at, 0), current)
            except UNREADABLE as error:
                unread.append(self._unreadable(item, error))
            else:
                found[(fingerprint(current.labels), current.active_at)] = current
        return found

    def _alert(self, key: Key, firing: Firing, current: Current | None) -> Alert:
        labels, names = firing.labels, self._names
        return Alert(
            id=self.api.row_id("alert", *key),
            source=self.api.source,
            url=graph(self.header["server"], _selector(labels["alertname"]), firing.last_at),
            name=labels["alertname"],
            fingerprint=key[0],
            service=first_of(names.service, labels),
            environment=first_of(names.environment, labels) or self.header["environment"],
            severity=first_of(names.severity, labels),
            summary=self._summary(key, labels, current),
            started_at=at(firing.active_at),
            resolved_at=None if firing.resolved_at is None else at(firing.resolved_at),
            firing_until_at=at(firing.last_at),
            model=first_of(names.model, labels),
            pipeline=first_of(names.pipeline, labels),
        )

    def _summary(self, key: Key, labels: Labels, current: Current | None) -> str | None:
        said: str | None = self.header["words"].get(word_key(*key))
        now = current.summary if current else None
        return now or said or summary_of(self.answers["rules"], labels)

    def _holes(self) -> Iterator[Gap]:
        holes = self._watch.holes
        for since, until in holes if len(holes) <= _MOST_HOLES else [(holes[0][0], holes[-1][1])]:
            times = f"{len(holes)} times " if len(holes) > _MOST_HOLES else ""
            gap = self.api.gap(
                f"alerts/unwatched/{since}",
                GapReason.UNAVAILABLE,
                f"the server scraped and evaluated nothing {times}between "
                f"{at(since):%Y-%m-%d %H:%M} and {at(until):%Y-%m-%d %H:%M} UTC: alerts that began "
                "are not known, nor whether those that fired before ended",
                _NO_HEARTBEAT,
                during=(at(since), at(until)),
            )
            yield gap if not times else replace(gap, count=len(holes))

    def _unscraped(self, key: Key, firing: Firing, until: int) -> Gap:
        return self.api.gap(
            f"alert/{key[0]}/{key[1]}/unscraped",
            GapReason.UNAVAILABLE,
            f"the alert {firing.labels['alertname']} went when its target could not be scraped: "
            "whether its cause was mended is not known",
            "nothing; watch `up` of the target",
            1,
            (at(firing.last_at), at(until)),
        )

    def _unreadable(self, item: Json, error: Exception) -> Gap:
        digest = hashlib.sha256(packed(item)).hexdigest()[:12]
        return self.api.unreadable(f"alert/{digest}", error)

    @cached_property
    def _names(self) -> LabelNames:
        return LabelNames.model_validate(self.header["labels"])

    @cached_property
    def _watch(self) -> Watch:
        beats = {time for name in ("heartbeat", "firing") for time in self._times(name)}
        if self.header["beat"] is not None:
            beats.add(self.header["beat"])
        return Watch(sorted(beats), self.header["step"], list(self._unscraped_targets()))

    def _times(self, name: str) -> Iterator[int]:
        try:
            yield from times_of(self.answers[name])
        except UNREADABLE:
            return  # told where the alert of the series is

    def _unscraped_targets(self) -> Iterator[tuple[Any, set[int]]]:
        for item in items_of(self.answers["unscraped"]):
            series = series_of(item)
            yield series.labels, {time for time, _ in series.points}


def _selector(name: str) -> str:
    text = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'ALERTS{{alertname="{text}"}}'
