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

    def event(self) -> Event:
        """The line of the log that tells of this page."""
        until = self.complete_until.isoformat() if self.complete_until else None
        detail = {
            "sha256": self.evidence,
            "settings": self.settings,
            "cursor": self.cursor,
            "is_complete": self.is_complete,
            "is_last": self.is_last,
            "is_first": self.is_first,
            "complete_until": until,
        }
        return Event(EventType.PAGE, self.source, self.stream, self.observed_at, detail)

    @classmethod
    def of(cls, event: Event) -> Page:
        """The page that a line of the log tells of."""
        detail = dict(event.detail)
        until = detail.pop("complete_until")
        return cls(
            source=event.source,
            stream=event.stream,
            evidence=detail.pop("sha256"),
            observed_at=event.happened_at,
            complete_until=datetime.fromisoformat(until) if until else None,
            **detail,
        )
