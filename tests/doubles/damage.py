"""Ways to damage JSON wherever a name stands in it, for `double.damage`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Change = Callable[[Any], Any]


def renamed(name: str, other: str) -> Change:
    """Gives a field another name."""
    return _everywhere(lambda item: {other if key == name else key: of for key, of in item.items()})


def nulled(name: str) -> Change:
    """Puts null where something was."""
    return _everywhere(lambda item: {**item, name: None} if name in item else item)


def dropped(name: str) -> Change:
    """Leaves a field out."""
    return _everywhere(lambda item: {key: of for key, of in item.items() if key != name})


def retyped(name: str, value: Any) -> Change:
    """Puts something of another kind where something was."""
    return _everywhere(lambda item: {**item, name: value} if name in item else item)


def _everywhere(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {name: walk(of) for name, of in change(value).items()}
        return value

    return walk
