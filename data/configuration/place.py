"""Where in `cairn.toml` a key stands.

The library that reads TOML tells no lines. But a statement of TOML is TOML by itself: the file is
cut into statements, and the library says of each which keys it sets.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

Step = str | int
"""A key, or the number of a table among those of one name, from 0."""

_CLOSERS = ("]", "}", '"""', "'''")
_MOST_READ_AGAIN = 2_000_000
"""Characters of unfinished statements that are tried before a hostile file is given up."""


def line_of(text: str, path: Sequence[Step]) -> int:
    """The line (from 1) on which a key begins, or else the nearest table that there is.

    Args:
        text: a whole TOML document.
        path: the keys that lead there, such as `("team", 1, "owns")`.
    """
    best, line = 0, 1
    for number, paths in _statements(text):
        shared = max((_shared(each, path) for each in paths), default=0)
        if shared > best:
            best, line = shared, number
    return line


def _shared(one: Sequence[Step], other: Sequence[Step]) -> int:
    """How many steps two paths have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _statements(text: str) -> Iterator[tuple[int, list[tuple[Step, ...]]]]:
    """Yields where each statement begins, and the paths it sets."""
    counts: dict[tuple[Step, ...], int] = {}
    table: tuple[Step, ...] = ()
    for number, statement, content in _cut(text):
        if not statement.lstrip().startswith("["):
            yield number, [(*table, *path) for path in _paths(content)]
            continue
        is_array = statement.lstrip().startswith("[[")
        table = _within_arrays(_names(content), counts, is_new=is_array)
        yield number, [table]


def _cut(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yields line, text and content of each statement; stops at what is not TOML."""
    begin, statement, read_again = 1, "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not statement:
            begin = number
        # Only such a line can end a statement that the lines before it left open.
        is_end = not statement or any(closer in line for closer in _CLOSERS)
        statement += line + "\n"
        content = _content(statement) if is_end else None
        if content is None:
            read_again += len(statement) if is_end else 0
            if read_again > _MOST_READ_AGAIN:
                return
            continue
        if content:
            yield begin, statement, content
        statement = ""


def _content(statement: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(statement)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _names(content: Any) -> list[str]:
    """The names in a table's header, from what it makes: `[a.b]` makes `{a: {b: {}}}`."""
    names = []
    while content:
        content = content[0] if isinstance(content, list) else content
        names += content
        content = content[names[-1]] if content else None
    return names


def _within_arrays(
    names: Sequence[str], counts: dict[tuple[Step, ...], int], *, is_new: bool
) -> tuple[Step, ...]:
    """The path of a header: below an array of tables, names belong to the last of them."""
    path: tuple[Step, ...] = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if is_new and depth == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _paths(content: Any) -> Iterator[tuple[Step, ...]]:
    """All paths inside a value."""
    inside: Iterator[tuple[Step, Any]] = iter(())
    if isinstance(content, dict):
        inside = iter(content.items())
    elif isinstance(content, list):
        inside = iter(enumerate(content))
    for step, value in inside:
        yield (step,)
        for path in _paths(value):
            yield (step, *path)
