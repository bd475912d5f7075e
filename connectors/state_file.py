"""What a stream knows: in its cursor, or in a file that the cursor names if it is too much."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import TypeVar

from connectors.interface import Context, Json
from data.durable import write_whole

_LARGEST_IN_CURSOR = 6_000
_KEPT = 3
"""The cursor of the last commit names one of the newest."""
ReadAt = TypeVar("ReadAt", str, str | None)


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
        path = self._folder / f"{self._stream}.seen"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        # Not waited for until it is on the disk: to lose it only makes a bound wider.
        part.write_text(json.dumps({"digest": _digest(state), "read_at": read_at}))
        part.replace(path)

    def last_seen(self, read_at: ReadAt, state: Json) -> ReadAt:
        """When the last reading began that found a state so; at least `read_at`."""
        try:
            noted = json.loads((self._folder / f"{self._stream}.seen").read_bytes())
            if noted["digest"] != _digest(state):
                return read_at
            told: str = noted["read_at"]
            later = max(filter(None, (read_at, told)), key=datetime.fromisoformat)
        except (FileNotFoundError, LookupError, TypeError, ValueError):
            return read_at
        return later


def _digest(state: Json) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
