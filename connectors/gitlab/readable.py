"""Items of a list that cannot be read are told as gaps, and the others stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from connectors.gitlab.asking import UNREADABLE, Asking
from connectors.gitlab.daily import digest_of
from connectors.interface import Json
from data.model import Record


def readable(
    asking: Asking, where: str, kind: str, items: Iterable[Json], row_of: Callable[[Json], Record]
) -> Iterator[Record]:
    """The rows of items, with a gap in place of each that is not what it should be.

    Args:
        asking: names the gaps.
        where: project or group.
        kind: what an item is, in a word.
        items: as told.
        row_of: maps one of them.
    """
    for item in items:
        try:
            yield row_of(item)
        except UNREADABLE as error:
            number = item.get("id") if isinstance(item, dict) else None
            yield asking.unreadable(where, f"{kind}/{number or digest_of(item)}", error)
