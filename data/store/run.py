"""One source read once, as a row of `sync_run` and as an event of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from data.store.log import Event, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How the reading of a source ended, and how many rows it touched."""

    id: str
    source: str
    started_at: datetime
    finished_at: datetime
    status: str
    """`done` or `failed`."""
    pages: int
    inserted: int
    updated: int
    deleted: int
    error: str | None
    settings: str
    """Hash of the source's settings."""
    is_live: bool
    """Whether what the source does not report has not happened up to the moment it was read."""
    is_finished: bool = False
    """Whether nothing can come after what the source has told."""
    requests: int | None = None
    """How often the source was asked; null for one that is no API."""
    counted: int | None = None
    """Those of them that it takes off its limit."""
    read_at: Mapping[str, datetime]
    """The streams read to their end, and since when each shows what there is."""
    offers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Entities that each kind of stream tells of: a stream is named by its kind, or `kind:id`."""

    @property
    def row(self) -> list[object]:
        """Its row of `sync_run`."""
        return [
            self.id,
            self.source,
            self.started_at,
            self.finished_at,
            self.status,
            self.pages,
            self.inserted,
            self.updated,
            self.deleted,
            self.error,
            self.is_finished,
            self.requests,
            self.counted,
        ]

    def event(self) -> Event:
        """The line of the log that tells of this run."""
        detail = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in ("source", "finished_at")
        }
        detail["started_at"] = self.started_at.isoformat()
        detail["read_at"] = {name: at.isoformat() for name, at in self.read_at.items()}
        return Event(EventType.RUN, self.source, "", self.finished_at, detail)

    @classmethod
    def of(cls, event: Event) -> Run:
        """The run that a line of the log tells of."""
        detail = dict(event.detail)
        started_at = datetime.fromisoformat(detail.pop("started_at"))
        read_at = {name: datetime.fromisoformat(at) for name, at in detail.pop("read_at").items()}
        return cls(
            source=event.source,
            started_at=started_at,
            finished_at=event.happened_at,
            read_at=read_at,
            **detail,
        )
