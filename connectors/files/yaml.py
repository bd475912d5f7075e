"""Plain values of YAML that nobody vouches for: texts as they are written, lists and mappings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from connectors.files.file import NotUnderstood
from connectors.files.said import json_of
from connectors.gitops.nodes import MAX_DEPTH, Walk, documents, scalar
from connectors.interface import Json


def yaml_of(data: bytes) -> Sequence[Json]:
    """The documents of a YAML file; numbers and dates stay the texts that they are written as.

    Raises:
        NotUnderstood: if it is no YAML, or far larger or deeper than any configuration.
    """
    try:
        return list(_plain_documents(data))
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f" in line {mark.line + 1}" if mark else ""
        # Not why: that would cite the file, and a file may hold a secret.
        raise NotUnderstood(f"it is no YAML that can be read{where}") from None
    except (UnicodeError, RecursionError):
        raise NotUnderstood("it is no YAML that can be read") from None


def one_document(data: bytes) -> Json:
    """The value of a JSON file, or else of a YAML file of one document.

    Raises:
        NotUnderstood: if it is neither.
    """
    try:
        return json_of(data)
    except NotUnderstood:
        found = yaml_of(data)
    if len(found) != 1:
        raise NotUnderstood(f"it holds {len(found)} documents where one should be")
    return found[0]


def _plain_documents(data: bytes) -> Iterator[Json]:
    for root in documents(data):
        yield _plain(root, Walk(), 0)


def _plain(node: yaml.Node, walk: Walk, depth: int) -> Json:
    if depth > MAX_DEPTH:
        raise yaml.YAMLError
    if isinstance(node, yaml.ScalarNode):
        return _clean(scalar(node)) or None
    inside = ((_clean(key), _plain(child, walk, depth + 1)) for key, child in walk.entries(node))
    if isinstance(node, yaml.SequenceNode):
        return [value for _, value in inside]
    return dict(inside)


def _clean(said: str) -> str:
    """Half a character, which an escape can make, is none that a database could take."""
    return said.encode("utf-8", "replace").decode("utf-8")
