"""Repositories as a host lists them: one that is not what it should be stops no other."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator

from connectors.answers.private import without_addresses_in
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.credential import redact
from connectors.hosting.place import Place
from connectors.interface import Json

_LOG = logging.getLogger(__name__)
_LONGEST_SHOWN = 80


def placed(
    items: Iterable[Json], place_of: Callable[[Json], Place], name: str, where: str
) -> Iterator[tuple[Place, Json]]:
    """The repositories that are told, each with what is told of it; the log names the others.

    Args:
        items: as told.
        place_of: maps one of them.
        name: field that names it.
        where: what is read, for the log.
    """
    for item in items:
        try:
            place = place_of(item)
        except UNREADABLE as error:
            why = f"{type(error).__name__} {error}"[:_LONGEST_SHOWN]
            what = "is left out: it is not what it should be"
            _LOG.warning("%s: %s %s (%s); %s", where, _shown(item, name), what, why, LATE)
        else:
            yield place, item


def key_of(item: Json) -> str:
    """Tells one repository of a list from another, whatever it is."""
    named = item.get("id") if isinstance(item, dict) else None
    return str(named or json.dumps(item, sort_keys=True))


def _shown(item: Json, name: str) -> str:
    told = item if isinstance(item, dict) else {}
    found = next((told[each] for each in (name, "id") if isinstance(told.get(each), str | int)), "")
    return without_addresses_in(redact(ascii(found)))[:_LONGEST_SHOWN] if found else "an item"
