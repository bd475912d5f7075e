"""Fields of what an API tells: names, texts, what is left out, how a value is archived."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from connectors.interface import Json

LONGEST_NAME = 200


def name_of(item: Json, *fields: str) -> str | None:
    """What an item is known by: the first of some fields (`id`) that is a name; null if none is."""
    told = item if isinstance(item, dict) else {}
    found = (told.get(field) for field in fields or ("id",))
    return next((str(each)[:LONGEST_NAME] for each in found if _is_name(each)), None)


def _is_name(told: Json) -> bool:
    return isinstance(told, str | int) and not isinstance(told, bool) and told != ""


def text_of(item: Mapping[str, Json], name: str) -> str:
    """A field that must be a text or a whole number.

    Raises:
        KeyError: if there is none.
        ValueError: if it is something else, or empty.
    """
    if not _is_name(item[name]):
        raise ValueError(f"{name} is {item[name]!r}")
    return str(item[name])


def without(value: Json, names: Collection[str]) -> Json:
    """A JSON value without the fields of some names, wherever they stand."""
    if isinstance(value, list):
        return [without(each, names) for each in value]
    if isinstance(value, dict):
        return {name: without(of, names) for name, of in value.items() if name not in names}
    return value


def packed(value: Json) -> bytes:
    """A JSON value as it is archived where it is not the answer itself: the same each time."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
