"""Items of a list that cannot be read are told as gaps, and the others stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from connectors.answers.understanding import UNREADABLE
from connectors.hosting.asking import HostAsking
from connectors.interface import Json
from data.model import Record

_NAMES = ("number", "id", "name", "login", "_document_id")


def readable(
    asking: HostAsking[Any],
    where: str,
    kind: str,
    items: Iterable[Json],
    row_of: Callable[[Json], Record],
) -> Iterator[Record]:
    """The rows of items, with a gap in place of each that is not what it should be.

    Args:
        asking: names the gaps.
        where: repository or organisation.
        kind: what an item is, in a word.
        items: as told.
        row_of: maps one of them.
    """
    for item in items:
        try:
            yield row_of(item)
        except UNREADABLE as error:
            yield asking.unreadable(where, f"{kind}/{_name(item)}", error)


def _name(item: Json) -> str:
    told = [item.get(name) for name in _NAMES] if isinstance(item, dict) else []
    text = json.dumps(item, sort_keys=True).encode()
    digest = hashlib.sha256(text).hexdigest()[:8]
    return str(next((name for name in told if name is not None), digest))
