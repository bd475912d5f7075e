"""What the invented tools tell: one thing under the names of its canonical fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.demo.site import Item, iso


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is known from an instant on; times among its fields are instants too."""

    at: int
    entity: str
    """Table of the canonical entity."""
    fields: Mapping[str, Any]
    """Fields of the entity; `id` and references to rows are without the name of the source."""


def in_order(told: Iterable[Told]) -> Sequence[Told]:
    """By time; what is told of one instant by entity and id."""
    return sorted(told, key=lambda one: (one.at, one.entity, one.fields["id"]))


def told_item(told: Told) -> Item:
    """The JSON object for it: times as hosts write them, what is null left out."""
    item: Item = {"entity": told.entity}
    for name, value in told.fields.items():
        if value is not None:
            item[name] = iso(value) if name.endswith("_at") else value
    return item
