"""What of a file may be archived: an allow-list, since there may be a secret in all else.

What is not what it should be stays of its type: it is refused the same way as without the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.interface import Json

Keep = Callable[[Json], Json]
"""Makes of a value what may be known of it."""


def value(told: Json) -> Json:
    """A single value; of a list or mapping, only that it is one, and whether it is empty."""
    if isinstance(told, list):
        return [None] if told else []
    if isinstance(told, dict):
        return {"": None} if told else {}
    return told


def each(keep: Keep) -> Keep:
    """The entries of a list, or what stands in its place."""
    return lambda told: [*map(keep, told)] if isinstance(told, list) else keep(told)


def every(keep: Keep) -> Keep:
    """The values of a mapping whose keys are anybody's."""

    def kept(told: Json) -> Json:
        if not isinstance(told, dict):
            return value(told)
        return {key: keep(inside) for key, inside in told.items()}

    return kept


def only(keys: Mapping[str, Keep]) -> Keep:
    """The values of a mapping below some keys."""

    def kept(told: Json) -> Json:
        if not isinstance(told, dict):
            return value(told)
        return {key: keep(told[key]) for key, keep in keys.items() if key in told} or value(told)

    return kept
