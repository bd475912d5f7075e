"""What two readings of an Alertmanager say of its alerts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from connectors.answers.moment import moment
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.api.fields import packed, text_of
from connectors.api.source import ApiSource
from connectors.interface import Json
from connectors.prometheus.labels import LabelNames, checked, first_of
from data.model import Alert, Record

_NAMES = LabelNames()
_WORDS = ("summary", "message", "description")


@dataclass(frozen=True, slots=True)
class AlertRows:
    """One page."""

    api: ApiSource
    header: Header
    answer: Sequence[Json]

    def rows(self) -> Iterator[Record]:
        """What fires now, and what fired before and does no more."""
        after_at = moment(self.header["after_at"])
        starts: dict[str, datetime] = {}
        for item in self.answer:
            try:
                row = self._alert(item, after_at)
            except UNREADABLE as error:
                digest = hashlib.sha256(packed(item)).hexdigest()[:12]
                yield self.api.unreadable(f"alert/{digest}", error)
            else:
                starts[row.fingerprint] = row.started_at
                yield row
        yield from self._gone(starts, after_at)

    def _gone(self, starts: Mapping[str, datetime], after_at: datetime) -> Iterator[Record]:
        """What ended between the readings; after a start not all may have been told again."""
        for item in self.header["before"]:
            try:
                row = self._alert(item, moment(self.header["before_at"]))
            except UNREADABLE:
                continue  # told where it was read
            again_at = starts.get(row.fingerprint)
            if again_at == row.started_at:
                continue
            if again_at is not None and again_at > row.started_at:
                yield replace(row, resolved_at=again_at)
            elif self.header["is_settled"]:
                yield replace(row, resolved_at=after_at)

    def _alert(self, item: Json, seen_at: datetime) -> Alert:
        labels = checked(item["labels"])
        told = item.get("annotations")
        annotations = told if isinstance(told, dict) else {}
        started_at = moment(item["startsAt"])
        name = labels["alertname"]
        return Alert(
            id=self.api.row_id("alert", *key_of(item)),
            source=self.api.source,
            url=f"{self.header['server']}#/alerts?filter={quote(_matcher(name))}",
            name=name,
            fingerprint=text_of(item, "fingerprint"),
            service=first_of(_NAMES.service, labels),
            environment=first_of(_NAMES.environment, labels),
            severity=first_of(_NAMES.severity, labels),
            summary=next((str(annotations[w]) for w in _WORDS if annotations.get(w)), None),
            started_at=started_at,
            resolved_at=None,
            firing_until_at=max(seen_at, started_at),
            model=first_of(_NAMES.model, labels),
            pipeline=first_of(_NAMES.pipeline, labels),
        )


def key_of(item: Json) -> tuple[str, str]:
    """What one time that an alert fires is known by, for the end of its id.

    Raises:
        TypeError, ValueError: if its start is no time.
    """
    return str(item.get("fingerprint")), str(int(moment(item.get("startsAt")).timestamp()))


def _matcher(name: str) -> str:
    text = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{alertname="{text}"}}'
