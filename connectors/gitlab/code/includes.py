"""What pipeline files take from elsewhere: other files, templates and components."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import yaml

from connectors.gitops.nodes import KeyPath, Walk, documents, scalar
from data.model import ReuseKind

LARGEST_BYTES = 512 * 1024
"""Of a file: longer than any pipeline."""

_PLACES = (KeyPath("include"), KeyPath("*.trigger.include"))
"""Where files are included: in the pipeline itself, and in one that a job starts."""
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_URL = re.compile(r"(?i)https?://")
_HERE = "./"


@dataclass(frozen=True, slots=True, order=True)
class Included:
    """Something a pipeline takes, and at which version."""

    kind: ReuseKind
    name: str
    version: str | None
    is_pinned: bool | None
    """Null where nothing can be: what comes with the project, or with GitLab itself."""

    @property
    def local(self) -> str | None:
        """The path, or pattern of paths, of a file of the same project; null of all others."""
        return self.name.removeprefix(_HERE) if self.name.startswith(_HERE) else None


def includes_of(text: bytes) -> tuple[Sequence[Included], str | None]:
    """What a file includes, each once; or why that is not known.

    Nothing else of the file is repeated: it may name secrets.
    """
    if len(text) > LARGEST_BYTES:
        return (), f"is larger than {LARGEST_BYTES:,} bytes"
    try:
        return list(dict.fromkeys(_included_in(text))), None
    except yaml.MarkedYAMLError as error:
        line = f" from line {error.problem_mark.line + 1} on" if error.problem_mark else ""
        return (), f"is no YAML{line}"
    except yaml.YAMLError:
        return (), "is no YAML, or stands for too much"


def of_path(config_path: str) -> Included | None:
    """The pipeline file of a project, if it lies elsewhere; null for a path of its own.

    Args:
        config_path: as the project names it: a path, an address, or `path@group/project[:ref]`.
    """
    if _URL.match(config_path):
        return _remote(config_path, "")
    path, at, place = config_path.partition("@")
    if not at:
        return None
    project, _, ref = place.partition(":")
    return _of_project(project, path, ref)


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """The files that a local include means: `*` is anything in a folder, `**` at any depth."""
    if "*" not in pattern:
        return [path for path in paths if path == pattern]
    parts = re.split(r"(\*\*/?|\*)", pattern)
    stars = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    found = re.compile("".join(stars.get(part) or re.escape(part) for part in parts))
    return [path for path in paths if found.fullmatch(path)]


def _included_in(text: bytes) -> Iterator[Included]:
    for document in documents(text):
        walk = Walk()
        for place in _PLACES:
            for node, _ in place.nodes(document, walk):
                yield from _entries(node, walk)


def _entries(node: yaml.Node, walk: Walk) -> Iterator[Included]:
    if isinstance(node, yaml.SequenceNode):
        for _, child in walk.entries(node):
            yield from _entries(child, walk)
    elif isinstance(node, yaml.MappingNode):
        yield from _entry(dict(walk.entries(node)), walk)
    elif text := scalar(node):
        yield _remote(text, "") if _URL.match(text) else _local(text)


def _entry(entry: Mapping[str, yaml.Node], walk: Walk) -> Iterator[Included]:
    told = {name: text for name, node in entry.items() if (text := scalar(node))}
    if "component" in told:
        name, _, version = told["component"].partition("@")
        is_pinned = bool(_HASH.fullmatch(version))
        yield Included(ReuseKind.COMPONENT, name, version or None, is_pinned)
    elif "project" in told:
        files = entry.get("file")
        names = [told["file"]] if "file" in told else _texts(files, walk) if files else []
        for name in names:
            yield _of_project(told["project"], name, told.get("ref", ""))
    elif "remote" in told:
        yield _remote(told["remote"], told.get("integrity", ""))
    elif "template" in told:
        yield Included(ReuseKind.INCLUDE, f"template:{told['template']}", None, None)
    elif "local" in told:
        yield _local(told["local"])


def _texts(node: yaml.Node, walk: Walk) -> list[str]:
    return [text for _, child in walk.entries(node) if (text := scalar(child))]


def _of_project(project: str, path: str, ref: str) -> Included:
    name = f"{project}:{path.lstrip('/')}"
    return Included(ReuseKind.INCLUDE, name, ref or None, bool(_HASH.fullmatch(ref)))


def _remote(address: str, integrity: str) -> Included:
    """A file of the web, by its address without what may be secret in it."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        address = urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        address = "http://…"
    return Included(ReuseKind.INCLUDE, address, integrity or None, bool(integrity))


def _local(path: str) -> Included:
    return Included(ReuseKind.INCLUDE, _HERE + path.lstrip("/"), None, None)
