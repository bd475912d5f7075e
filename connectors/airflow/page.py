"""What is kept of an answer: all but what people hand to a run, which may be secret."""

from __future__ import annotations

import json
from collections.abc import Sequence

from connectors.interface import Json

_HANDED = frozenset({"conf", "rendered_fields", "executor_config"})
"""Arguments of runs and tasks: Airflow shows them as they are, passwords included."""


def kept(field: str, items: Sequence[Json]) -> bytes:
    """A list as it is archived."""
    return json.dumps({field: [_without(item) for item in items]}, separators=(",", ":")).encode()


def _without(item: Json) -> Json:
    if not isinstance(item, dict):
        return item
    return {name: told for name, told in item.items() if name not in _HANDED}
