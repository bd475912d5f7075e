"""Lists as they are told, and what tells their items apart, whatever these are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from connectors.interface import Json

_LONGEST = 200


def list_of(answer: Json) -> Sequence[Json]:
    """The items of an answer.

    Raises:
        TypeError: if it is no list.
    """
    if not isinstance(answer, list):
        raise TypeError(f"{type(answer).__name__} where a list should be")
    return answer


def key_of(item: Json, name: str = "id") -> str:
    """What an item bears under a name, as one word; a digest of it where that is none."""
    told = item.get(name) if isinstance(item, dict) else None
    if isinstance(told, str | int) and not isinstance(told, bool):
        key = str(told)
        if key and key.isprintable() and len(key) <= _LONGEST:
            return key
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:16]
