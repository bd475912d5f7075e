"""Facts made into a row of an entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import get_origin

from connectors.events.fields import Misfit, utc
from connectors.interface import Json
from data.model import ENTITIES, Record
from data.model.schema import Column


def row_of(entity: str, id: str, source: str, facts: Mapping[str, Json]) -> Record:
    """The row that facts make; columns that no fact is for are null or have their default.

    Raises:
        Misfit: if a fact that the entity cannot do without is missing.
    """
    chosen = ENTITIES[entity]
    values: dict[str, object] = {"id": id, "source": source}
    defaults = defaults_of(entity)
    for column in chosen.columns:
        if column.name in values:
            continue
        value = facts.get(column.name)
        if value is not None:
            values[column.name] = _value(column, value)
        elif column.name not in defaults:
            if not column.is_nullable:
                raise Misfit(f"nothing tells its `{column.name}`")
            values[column.name] = None
    record: Record = chosen.record(**values)
    return record


def defaults_of(entity: str) -> frozenset[str]:
    """The columns that the entity itself knows a value for."""
    return frozenset(
        each.name for each in fields(ENTITIES[entity].record) if each.default is not MISSING
    )


def _value(column: Column, value: Json) -> object:
    if column.kind is datetime:
        return utc(value)
    if get_origin(column.kind) is tuple:
        return tuple(value)
    if column.kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
