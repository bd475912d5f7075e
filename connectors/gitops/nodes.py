"""YAML that nobody vouches for, read as nodes: no alias is copied, no tag is obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import yaml
from yaml._yaml import CParser

from connectors.gitops.pattern import placeholder

MAX_DEPTH = 200
"""Levels of nesting; no configuration comes near, and a parser must not run out of stack."""
MAX_STEPS = 100_000
"""Nodes looked at in one file: aliases can make a small file stand for a huge one."""

# The parser recurses in C, without a limit of its own: a file this short cannot exhaust a stack.
_SHORT_BYTES = 4096
_KEY = re.compile(r"((?:[^.\\{}]|\\.|\{[^{}]*\})+)(?:\.|$)")
_MERGE = "<<"
_NULLS = ("", "~", "null", "Null", "NULL")


class _TooMuchError(yaml.YAMLError):
    """The file is deeper or, with its aliases, larger than any configuration."""


class KeyPath:
    """A path of keys, such as `spec.values.*.image` or `services.{service}.tag`.

    A number steps into a list, `*` into all entries of a list or mapping, a placeholder into
    all entries too and gives their keys. A backslash makes a dot part of a key.
    """

    def __init__(self, text: str) -> None:
        """Reads the path.

        Raises:
            ValueError: if it is empty, has an empty key, or one that is partly a placeholder.
        """
        keys = [found[1] for found in _KEY.finditer(text)]
        if not keys or ".".join(keys) != text:
            raise ValueError(f"{text!r} is no key path, such as spec.values.image")
        self._steps = [(placeholder(key), re.sub(r"\\(.)", r"\1", key)) for key in keys]
        mixed = [key for name, key in self._steps if not name and "{" in key]
        if mixed:
            raise ValueError(f"{mixed[0]!r} in {text!r} must be a key or a placeholder, not both")
        self.names = frozenset(name for name, _ in self._steps if name)
        self.is_image = keys[-1] == "image"
        """Whether the text there is an image by its key, and no version without a tag."""

    def nodes(self, root: yaml.Node, walk: Walk) -> Iterator[tuple[yaml.Node, dict[str, str]]]:
        """The nodes at the path below `root`, each with what its placeholders stand for."""
        reached: list[tuple[yaml.Node, dict[str, str]]] = [(root, {})]
        for name, key in self._steps:
            reached = [
                (child, captures | {name: step} if name else captures)
                for node, captures in reached
                for step, child in walk.entries(node)
                if name or key in ("*", step)
            ]
        yield from reached


class Walk:
    """Steps through a document's nodes, and gives up when aliases multiply them."""

    def __init__(self) -> None:
        self._steps = 0

    def entries(self, node: yaml.Node) -> Iterable[tuple[str, yaml.Node]]:
        """Keys or numbers of a node's children, each with the child."""
        if isinstance(node, yaml.SequenceNode):
            self._count(len(node.value))
            return ((str(number), child) for number, child in enumerate(node.value))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, 0).items()
        return ()

    def scalars(self, node: yaml.Node) -> Mapping[str, str]:
        """The entries of a mapping that are plain texts or numbers."""
        return {key: text for key, child in self.entries(node) if (text := scalar(child))}

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, yaml.Node]:
        self._count(len(node.value))
        own = {key.value: child for key, child in node.value if isinstance(key, yaml.ScalarNode)}
        merge = own.pop(_MERGE, None)
        return own if merge is None else self._merged(merge, depth + 1) | own

    def _merged(self, node: yaml.Node, depth: int) -> dict[str, yaml.Node]:
        if depth > MAX_DEPTH:
            raise _TooMuchError("its aliases lead round in a circle")
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, yaml.Node] = {}
        for part in reversed(parts):  # of merged mappings the first wins
            if isinstance(part, yaml.MappingNode):
                merged |= self._mapping(part, depth)
        return merged

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise _TooMuchError("its aliases stand for too much")


class _NodeLoader(CParser):
    """Parses to nodes only: what a plain scalar would mean is never asked, which saves half."""

    def descend_resolver(self, _node: object, _index: object) -> None:
        """Keeps no place."""

    def ascend_resolver(self) -> None:
        """Keeps no place."""

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        """Leaves a node without a tag."""
        return ""


def documents(data: bytes) -> Iterator[yaml.Node]:
    """The documents of a YAML file as nodes: no alias is copied, no tag obeyed.

    Raises:
        yaml.YAMLError: if it is not YAML or nested deeper than any configuration.
    """
    if len(data) > _SHORT_BYTES:
        _check_depth(data)
    loader = _NodeLoader(data)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                yield node
    finally:
        loader.dispose()


def _check_depth(data: bytes) -> None:
    depth = 0
    for event in yaml.parse(data, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _TooMuchError(f"nested more than {MAX_DEPTH} levels deep")


def scalar(node: yaml.Node) -> str:
    """The text of a plain value as it is written; empty for null, lists and mappings."""
    if not isinstance(node, yaml.ScalarNode) or (not node.style and node.value in _NULLS):
        return ""
    return str(node.value)
