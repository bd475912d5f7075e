"""What a stream knows: in its cursor, or in a file that the cursor names if it is too much."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime

from connectors.interface import Context, Json
from data.store.durable import write_whole

_LARGEST_IN_CURSOR = 6_000
_KEPT = 3
"""The cursor of the last commit names one of the newest."""


class StateFile:
    """The states of one stream, each in a file that bears the name of its content."""

    def __init__(self, context: Context, source: str, stream: str) -> None:
        """Looks at nothing yet.

        Args:
            context: says where a connector may keep files.
            source: the configured name.
            stream: name of the stream.
        """
        self._folder = context.mirrors / re.sub(r"[^A-Za-z0-9._-]", "_", source)
        self._stream = stream

    def save(self, state: Json) -> Json:
        """Keeps a state, which is on the disk when it returns; returns what the cursor holds."""
        text = json.dumps(state, sort_keys=True, separators=(",", ":")).encode()
        if len(text) <= _LARGEST_IN_CURSOR:
            return {"state": json.loads(text)}
        name = hashlib.sha256(text).hexdigest()[:32]
        write_whole(self._folder / f"{self._stream}-{name}.json", text)
        files = sorted(self._folder.glob(f"{self._stream}-*.json"), key=lambda p: p.stat().st_mtime)
        for path in files[:-_KEPT]:
            path.unlink(missing_ok=True)
        return {"file": name}

    def load(self, kept: Json) -> Json:
        """The state that a cursor holds; null if there is none, or no longer."""
        if not kept or "state" in kept:
            return kept and kept["state"]
        try:
            text = (self._folder / f"{self._stream}-{kept['file']}.json").read_bytes()
        except FileNotFoundError:
            return None
        is_whole = hashlib.sha256(text).hexdigest()[:32] == kept["file"]
        return json.loads(text) if is_whole else None

    def note_seen(self, read_at: str, state: Json) -> None:
        """Notes that a state was still so when a reading began that found nothing new."""
        told = {"digest": _digest(state), "read_at": read_at}
        write_whole(self._folder / f"{self._stream}.seen", json.dumps(told).encode())

    def last_seen(self, read_at: str, state: Json) -> str:
        """When the last reading began that found a state so; at least `read_at`."""
        try:
            noted = json.loads((self._folder / f"{self._stream}.seen").read_bytes())
        except (FileNotFoundError, ValueError):
            return read_at
        is_so = noted.get("digest") == _digest(state)
        return max(read_at, noted["read_at"], key=datetime.fromisoformat) if is_so else read_at


def _digest(state: Json) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
