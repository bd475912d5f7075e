"""Which function answers which field of the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.doubles.github.graphql.executing import Resolver
from tests.doubles.github.graphql.slices import Slice, by_place
from tests.doubles.github.world import Account

RESOLVERS: dict[str, dict[str, Resolver]] = {}
"""Type to field to function."""
TYPES: dict[type, Callable[[Any], str]] = {}
"""Class of a value to what names its type, where a field may give several."""


def field(type_name: str, *names: str) -> Callable[[Resolver], Resolver]:
    """Marks a function that answers a field, or several of one type."""

    def mark(resolver: Resolver) -> Resolver:
        for name in names:
            RESOLVERS.setdefault(type_name, {})[name] = resolver
        return resolver

    return mark


def plain(type_name: str, **attributes: str) -> None:
    """Answers fields with attributes of the value as they are: `number="number"`."""
    for name, attribute in attributes.items():
        RESOLVERS.setdefault(type_name, {})[name] = _attribute(attribute)


def times(type_name: str, **attributes: str) -> None:
    """Answers fields with attributes that are times."""
    for name, attribute in attributes.items():
        RESOLVERS.setdefault(type_name, {})[name] = _time(attribute)


def actors(type_name: str, **attributes: str) -> None:
    """Answers fields with accounts: null where they were deleted."""
    for name, attribute in attributes.items():
        RESOLVERS.setdefault(type_name, {})[name] = _account(attribute)


def node_id(type_name: str, prefix: str, attribute: str = "id") -> None:
    """Answers `id` with a global one."""
    RESOLVERS.setdefault(type_name, {})["id"] = lambda value, _context: (
        f"{prefix}_{getattr(value, attribute)}"
    )


def connection(type_name: str) -> None:
    """Answers the fields of a connection from a `Slice`."""
    RESOLVERS[type_name] = {
        "nodes": lambda cut, _context: cut.items,
        "totalCount": lambda cut, _context: cut.total,
        "pageInfo": lambda cut, _context: cut,
    }


def cut(items: Any) -> Callable[..., Slice]:
    """Makes a function for a list that is cut by places: `cut(lambda pull: pull.reviews)`."""
    return lambda value, _context, **bounds: by_place(items(value), **bounds)


RESOLVERS["PageInfo"] = {
    "hasNextPage": lambda cut, _context: cut.has_next,
    "hasPreviousPage": lambda cut, _context: cut.has_previous,
    "startCursor": lambda cut, _context: cut.start_cursor,
    "endCursor": lambda cut, _context: cut.end_cursor,
}


def _attribute(name: str) -> Resolver:
    return lambda value, _context: getattr(value, name)


def _time(name: str) -> Resolver:
    return lambda value, context: context.moment(getattr(value, name))


def _account(name: str) -> Resolver:
    return lambda value, _context: present(getattr(value, name))


def present(account: Account | None) -> Account | None:
    """An account, unless it was deleted."""
    return None if account is None or account.is_deleted else account
