"""The query parameter `tree` of Jenkins' remote API: names, sub-properties and ranges."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(r"[^\[\]{},]+|[\[\],]|\{\d*,\d*\}")
Tree = dict[str, tuple["Tree", tuple[int, int | None]]]


def parsed(text: str) -> Tree:
    """Names with what is asked for below each, and the range of the elements."""
    tokens = _TOKEN.findall(text)
    tree, rest = _names(tokens, 0)
    assert rest == len(tokens), f"{text!r} is no tree"
    return tree


def _names(tokens: list[str], at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while at < len(tokens) and tokens[at] != "]":
        name, below, bounds = tokens[at], {}, (0, None)
        at += 1
        if at < len(tokens) and tokens[at] == "[":
            below, at = _names(tokens, at + 1)
            at += 1
        if at < len(tokens) and tokens[at].startswith("{"):
            first, last = tokens[at][1:-1].split(",")
            bounds, at = (int(first or 0), int(last) if last else None), at + 1
        tree[name] = (below, bounds)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
    return tree, at


def picked(value: Any, tree: Tree) -> Any:
    """What a tree asks for of a value."""
    if isinstance(value, list):
        return [picked(each, tree) for each in value]
    if not isinstance(value, dict) or not tree:
        return value
    found = {"_class": value["_class"]} if "_class" in value else {}
    for name, (below, (first, last)) in tree.items():
        if name in value:
            told = value[name]
            found[name] = picked(told[first:last] if isinstance(told, list) else told, below)
    return found
