"""What a third party is handed: an event, and the proof that it is in the log."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A proof of one entry, as c2sp.org/tlog-proof writes it; `extra` is the event."""

    content: bytes
    """The canonical JSON of the event."""
    index: int
    path: Sequence[bytes]
    """The hashes from the leaf's neighbour up to the root."""
    checkpoint: str
    """The signed note."""

    def __str__(self) -> str:
        lines = [
            _HEAD,
            f"extra {_text(self.content)}",
            f"index {self.index}",
            *map(_text, self.path),
            "",
            self.checkpoint,
        ]
        return "\n".join(lines)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
