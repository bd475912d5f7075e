"""Pages of GraphQL lists, by cursors that say nothing to who holds them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.doubles.github.graphql.problems import Failure

_MARK = b"cursor:v2:"


@dataclass(frozen=True)
class Slice:
    """Some items of a list, and where they lie in it."""

    items: Sequence[Any]
    total: int
    has_next: bool
    has_previous: bool
    start: Any
    """What its first item is found by, if it has one."""
    end: Any
    name: Callable[[Any], str]
    """Makes a cursor of that."""

    @property
    def start_cursor(self) -> str | None:
        return self.name(self.start) if self.items else None

    @property
    def end_cursor(self) -> str | None:
        return self.name(self.end) if self.items else None


def by_place(
    items: Sequence[Any],
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Slice:
    """Cuts a list by places: what is put before a place moves all behind it."""
    start = _unwrap(after) if after else 0
    end = _unwrap(before) - 1 if before else len(items)
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    found = items[start:end]
    end = start + len(found)
    return Slice(
        found,
        len(items),
        end < len(items),
        start > 0,
        start + 1,
        end,
        _wrap,
    )


def by_value(
    items: Sequence[Any],
    value: Callable[[Any], tuple[Any, ...]],
    *,
    is_descending: bool,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> Slice:
    """Cuts a list by what it is ordered by.

    What moves to the front while the list is paged is not met again; what moves to the end is.
    `value` gives what JSON can hold, and orders any two items.
    """
    ordered = sorted(items, key=value, reverse=is_descending)
    values = [value(item) for item in ordered]
    start = _place_behind(values, _unwrap(after), is_descending) if after else 0
    end = _place_of(values, _unwrap(before), is_descending) if before else len(ordered)
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    found = ordered[start:end]
    return Slice(
        found,
        len(ordered),
        end < len(ordered),
        start > 0,
        values[start] if found else None,
        values[end - 1] if found else None,
        _wrap,
    )


def from_anchor(
    items: Sequence[Any], anchor: str, first: int | None = None, after: str | None = None, **_: Any
) -> Slice:
    """Cuts a history: its cursors name the commit it began at, so that no push shifts it."""
    start = int(after.partition(" ")[2]) + 1 if after else 0
    found = items[start : start + (first or 0)]
    end = start + len(found)
    return Slice(
        found,
        len(items),
        end < len(items),
        start > 0,
        start,
        end - 1,
        lambda place: f"{anchor} {place}",
    )


def _place_behind(values: list[Any], known: Any, is_descending: bool) -> int:
    place = _place_of(values, known, is_descending)
    return place + (place < len(values) and list(values[place]) == known)


def _place_of(values: list[Any], known: Any, is_descending: bool) -> int:
    if not is_descending:
        return bisect_left(values, tuple(known))
    return next((n for n, value in enumerate(values) if list(value) <= known), len(values))


def _wrap(value: Any) -> str:
    return urlsafe_b64encode(_MARK + json.dumps(value).encode()).decode()


def _unwrap(cursor: str) -> Any:
    try:
        told = urlsafe_b64decode(cursor.encode())
        if told.startswith(_MARK):
            return json.loads(told.removeprefix(_MARK))
    except ValueError:
        pass
    message = f"`{cursor}` does not appear to be a valid cursor."
    raise Failure(message, "INVALID_CURSOR_ARGUMENTS")
