"""One archived page on its way into the working database, and as an event of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.store.log import Event, EventType


@dataclass(frozen=True, slots=True)
class Page:
    """Where a batch of rows comes from, and what it means for the rows already there."""

    source: str
    stream: str
    evidence: str
    """SHA-256 of the archived page."""
    observed_at: datetime
    settings: str
    """Hash of the source's settings it was read with."""
    cursor: Any = None
    """Where the stream goes on; JSON-able."""
    is_complete: bool = False
    """Whether the reading it belongs to tells all rows of the stream."""
    is_last: bool = False
    is_first: bool = False
    """Whether a complete reading begins with it."""
    complete_until: datetime | None = None
    complete_from: datetime | None = None
    """Since when the stream is read, if it is still read backwards."""

    def event(self) -> Event:
        """The line of the log that tells of this page."""
        until = self.complete_until.isoformat() if self.complete_until else None
        since = self.complete_from.isoformat() if self.complete_from else None
        detail = {
            "sha256": self.evidence,
            "settings": self.settings,
            "cursor": self.cursor,
            "is_complete": self.is_complete,
            "is_last": self.is_last,
            "is_first": self.is_first,
            "complete_until": until,
            "complete_from": since,
        }
        return Event(EventType.PAGE, self.source, self.stream, self.observed_at, detail)

    @classmethod
    def of(cls, event: Event) -> Page:
        """The page that a line of the log tells of."""
        detail = dict(event.detail)
        until, since = detail.pop("complete_until"), detail.pop("complete_from", None)
        return cls(
            source=event.source,
            stream=event.stream,
            evidence=detail.pop("sha256"),
            observed_at=event.happened_at,
            complete_until=datetime.fromisoformat(until) if until else None,
            complete_from=datetime.fromisoformat(since) if since else None,
            **detail,
        )
