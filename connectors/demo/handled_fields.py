"""Fields of a change that say who handled it, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def handled_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """Who made and merged a change, and what it is about, if its host says."""
    if "author" not in item:
        return {}
    paths = item["paths"]
    return {
        "target_branch": item["target_branch"],
        "author": item["author"],
        "is_bot": item["is_bot"],
        "merged_by": item["merged_by"],
        "ready_at": moment(item["ready_at"]),
        "rewritten_at": moment(item["rewritten_at"]),
        "labels": several(item["labels"]),
        "tickets": several(item["tickets"]),
        "paths": several(paths),
        "path_count": len(paths),
    }


def several(names: Sequence[str] | None) -> tuple[str, ...] | None:
    """The names of a list, if there is one."""
    return None if names is None else tuple(names)


def moment(text: str | None) -> datetime | None:
    """The time that a host wrote, if it wrote one."""
    return None if text is None else datetime.fromisoformat(text)
