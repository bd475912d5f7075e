"""What was read of a repository before: where its tags pointed, and which images were seen.

When a reading found nothing new, nothing commits; that all was still so at that time is noted,
which makes the bounds of the next change narrower.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from connectors.interface import Context, Cursor
from connectors.state_file import StateFile


@dataclass(frozen=True, slots=True)
class Known:
    """State of a repository at the end of a reading."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Tag to digest."""
    images: Mapping[str, str] = field(default_factory=dict)
    """Digest to the time of the first reading that showed it."""
    unread: tuple[str, ...] = ()
    """Images that could not be read and are asked for again."""
    seen_at: str | None = None
    """When the last reading that came to its end began; null: none did."""
    restarted: str | None = None
    """Why readings before this state are not known, in words."""


class Memory:
    """Where the state of one repository is kept between readings."""

    def __init__(self, context: Context, source: str, address: str, repository: str) -> None:
        """Looks at nothing yet.

        Args:
            context: says where a connector may keep files.
            source: the configured name.
            address: that of the registry.
            repository: its name.
        """
        self._address = address
        key = hashlib.sha256(f"{address}/{repository}".encode()).hexdigest()[:24]
        self._states = StateFile(context, source, f"{key}/state")

    def known(self, cursor: Cursor | None) -> Known:
        """The state that a cursor tells, with the last time at which it was seen to hold."""
        if cursor is None:
            return self._seen(Known())
        if cursor["address"] != self._address:
            return Known(restarted=f"it was read from {cursor['address']} before")
        told = self._states.load(cursor)
        if told is None:
            return Known(restarted="the file that told what was read of it before is lost")
        return self._seen(Known(**{**told, "unread": tuple(told["unread"])}))

    def cursor(self, known: Known) -> Cursor:
        """The cursor of a state; one that is large is written to a file first."""
        return {"address": self._address, **self._states.save(asdict(known))}

    def note(self, known: Known, seen_at: str) -> None:
        """Notes that a state still held when a reading began that found nothing new."""
        self._states.note_seen(seen_at, known.tags)

    def _seen(self, known: Known) -> Known:
        return replace(known, seen_at=self._states.last_seen(known.seen_at, known.tags))
