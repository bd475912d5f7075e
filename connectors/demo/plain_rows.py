"""Turns items that bear the names of the canonical fields into canonical rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from data.model import ENTITIES, Record

_REFERENCES = {
    "alert": ("incident",),
    "evaluation": ("run",),
    "lineage_edge": ("run",),
    "model_version": ("run",),
}
"""Fields that hold the id of another row of the same source."""


@dataclass(frozen=True, slots=True)
class _Shape:
    record: type[Record]
    blanks: Mapping[str, None]
    times: tuple[str, ...]
    lists: tuple[str, ...]
    ids: tuple[str, ...]


def plain_row(source: str, item: Mapping[str, Any]) -> Record:
    """The row of an item as `told_item` makes it."""
    shape = _shape(item["entity"])
    fields: dict[str, Any] = {**shape.blanks, **item}
    del fields["entity"]
    for name in shape.times:
        if fields.get(name) is not None:
            fields[name] = datetime.fromisoformat(fields[name])
    for name in shape.lists:
        if fields.get(name) is not None:
            fields[name] = tuple(fields[name])
    for name in shape.ids:
        if fields.get(name) is not None:
            fields[name] = f"{source}:{fields[name]}"
    return shape.record(source=source, **fields)


@cache
def _shape(entity: str) -> _Shape:
    declared = ENTITIES[entity]
    needed = {
        field.name
        for field in dataclasses.fields(declared.record)
        if field.default is dataclasses.MISSING
    }
    columns = declared.columns
    return _Shape(
        record=declared.record,
        blanks={c.name: None for c in columns if c.is_nullable and c.name in needed},
        times=tuple(c.name for c in columns if c.python_type is datetime),
        lists=tuple(c.name for c in columns if c.python_type is tuple),
        ids=("id", *_REFERENCES.get(entity, ())),
    )
