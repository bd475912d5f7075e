"""What was read of a repository before: where its tags pointed, and which images were seen.

It is the cursor of the repository's stream, or, if it is large, a file that the cursor names by
the hash of its content. When a reading found nothing new, nothing commits; that all was still so
at that time is noted in another file, which makes the bounds of the next change narrower.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from connectors.interface import Cursor, Json
from data.store.durable import write_whole

_LARGEST_CURSOR = 6_000
_KEPT_FILES = 3


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

    @property
    def digest(self) -> str:
        """Names where the tags point."""
        return hashlib.sha256(json.dumps(self.tags, sort_keys=True).encode()).hexdigest()


class Memory:
    """Where the state of one repository is kept between readings."""

    def __init__(self, folder: Path, address: str, repository: str) -> None:
        """Looks at nothing yet.

        Args:
            folder: that of the source, which need not be there.
            address: that of the registry.
            repository: its name.
        """
        self._address = address
        key = hashlib.sha256(f"{address}/{repository}".encode()).hexdigest()[:24]
        self._folder = folder / key

    def known(self, cursor: Cursor | None) -> Known:
        """The state that a cursor tells, with the last time at which it was seen to hold."""
        if cursor is None:
            return self._seen(Known())
        if cursor["address"] != self._address:
            return Known(restarted=f"it was read from {cursor['address']} before")
        told = cursor.get("state") or self._read(f"state-{cursor['file']}.json")
        if told is None:
            return Known(restarted="the file that told what was read of it before is lost")
        return self._seen(Known(**{**told, "unread": tuple(told["unread"])}))

    def cursor(self, known: Known) -> Cursor:
        """The cursor of a state; one that is large is written to a file first."""
        text = json.dumps(asdict(known), sort_keys=True)
        if len(text) <= _LARGEST_CURSOR:
            return {"address": self._address, "state": json.loads(text)}
        digest = hashlib.sha256(text.encode()).hexdigest()
        write_whole(self._folder / f"state-{digest}.json", text.encode(), self._folder / "new.part")
        self._tidy()
        return {"address": self._address, "file": digest}

    def note(self, known: Known, seen_at: str) -> None:
        """Notes that a state still held when a reading began that found nothing new."""
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / "seen.part"
        # Not waited for until it is on the disk: to lose it only makes a bound wider.
        part.write_text(json.dumps({"tags": known.digest, "seen_at": seen_at}))
        part.replace(self._folder / "seen.json")

    def _seen(self, known: Known) -> Known:
        noted = self._read("seen.json") or {}
        if noted.get("tags") != known.digest or not isinstance(noted.get("seen_at"), str):
            return known
        return replace(known, seen_at=max(noted["seen_at"], known.seen_at or ""))

    def _read(self, name: str) -> Json:
        try:
            return json.loads((self._folder / name).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def _tidy(self) -> None:
        """Keeps the newest files: one of them is the one that the last commit names."""
        states = sorted(self._folder.glob("state-*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in states[:-_KEPT_FILES]:
            path.unlink()
