"""Which function answers which field of the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.slices import Slice, by_place, by_value

Resolver = Callable[..., Any]
"""Gets the value, the context and the arguments by name."""

RESOLVERS: dict[str, dict[str, Resolver]] = {}
"""Type to field to function."""


def field(type_name: str, name: str) -> Callable[[Resolver], Resolver]:
    """Marks a function that answers a field."""

    def mark(resolver: Resolver) -> Resolver:
        RESOLVERS.setdefault(type_name, {})[name] = resolver
        return resolver

    return mark


def plain(type_name: str, *attributes: str, **renamed: str) -> None:
    """Answers fields with attributes of the value, `authored_at` as `authoredAt`."""
    for attribute in attributes:
        renamed[camel(attribute)] = attribute
    for name, attribute in renamed.items():
        RESOLVERS.setdefault(type_name, {})[name] = _attribute(attribute)


def loud(type_name: str, *attributes: str) -> None:
    """Answers fields that are choices, which GraphQL writes in capitals."""
    for attribute in attributes:
        RESOLVERS.setdefault(type_name, {})[camel(attribute)] = _loud(attribute)


def global_id(type_name: str, model: str) -> None:
    """Answers `id` with a global one."""
    RESOLVERS.setdefault(type_name, {})["id"] = lambda value, _context: (
        f"gid://gitlab/{model}/{value.id}"
    )


def connection(*type_names: str) -> None:
    """Answers the fields of connections from a `Slice`."""
    for name in type_names:
        RESOLVERS[f"{name}Connection"] = {
            "nodes": lambda cut, _context: cut.items,
            "count": lambda cut, _context: cut.total,
            "pageInfo": lambda cut, _context: cut,
        }


RESOLVERS["PageInfo"] = {
    "hasNextPage": lambda cut, _context: cut.has_next,
    "hasPreviousPage": lambda cut, _context: cut.has_previous,
    "startCursor": lambda cut, _context: cut.start_cursor,
    "endCursor": lambda cut, _context: cut.end_cursor,
}


def in_order(items: Sequence[Any], first: int | None, after: str | None) -> Slice:
    """Cuts a list by places, as GitLab does with what it does not have in its database."""
    return by_place(items, min(first or 100, 100), after=after)


def by_key(
    items: Sequence[Any],
    key: Callable[[Any], tuple[Any, ...]],
    first: int | None,
    after: str | None,
    *,
    is_descending: bool = True,
) -> Slice:
    """Cuts a list by what it is ordered by, as GitLab does with what is in its database."""
    size = min(first or 100, 100)
    return by_value(items, key, is_descending=is_descending, first=size, after=after)


def camel(name: str) -> str:
    """Writes `authored_at` as `authoredAt`, and `is_draft` as `draft`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name.removeprefix("is_"))


def _attribute(name: str) -> Resolver:
    def resolve(value: Any, context: Any) -> Any:
        found = getattr(value, name)
        return context.moment(found) if isinstance(found, datetime) else found

    return resolve


def _loud(name: str) -> Resolver:
    def resolve(value: Any, _context: Any) -> str | None:
        found = getattr(value, name)
        return found.upper() if found else None

    return resolve
