"""What workflow files use of what is shared: other workflows, and actions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from connectors.gitops.nodes import KeyPath, Walk, documents, scalar
from data.model import ReuseKind

LARGEST_BYTES = 512 * 1024
"""Of a workflow file: longer than any that GitHub runs."""

_PLACES = (
    (ReuseKind.WORKFLOW, KeyPath("jobs.*.uses")),
    (ReuseKind.ACTION, KeyPath("jobs.*.steps.*.uses")),
)
_IMAGE = "docker://"
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Used:
    """What is used, and at which version."""

    name: str
    version: str | None
    is_pinned: bool | None
    """Null where nothing can be: what lies in the same repository comes with it."""


def uses_of(text: str) -> tuple[Sequence[tuple[ReuseKind, str]], str | None]:
    """The `uses:` of jobs and steps as they are written, each once; or why that is not known.

    Nothing else of the file is repeated: it may name secrets.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > LARGEST_BYTES:
        return (), f"is larger than {LARGEST_BYTES:,} bytes"
    try:
        return list(dict.fromkeys(_used_in(data))), None
    except yaml.MarkedYAMLError as error:
        line = f" from line {error.problem_mark.line + 1} on" if error.problem_mark else ""
        return (), f"is no YAML{line}"
    except yaml.YAMLError:
        return (), "is no YAML, or stands for too much"


def read_use(text: str) -> Used:
    """Name and version of what a `uses:` says."""
    if text.startswith(("./", "../")):
        return Used(text, None, None)
    name, at, version = text.partition("@")
    if text.startswith(_IMAGE) and not at:
        image, colon, tag = name.rpartition(":")
        has_tag = image != _IMAGE.rstrip("/:") and colon and "/" not in tag
        return Used(image, tag, False) if has_tag else Used(name, None, False)
    pattern = _DIGEST if text.startswith(_IMAGE) else _HASH
    return Used(name, version or None, bool(pattern.fullmatch(version)))


def _used_in(data: bytes) -> Iterator[tuple[ReuseKind, str]]:
    for document in documents(data):
        walk = Walk()
        for kind, path in _PLACES:
            for node, _ in path.nodes(document, walk):
                if used := scalar(node):
                    yield kind, used
