"""Folders and files of the default branch."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.resolvers import TYPES, field, node_id
from tests.doubles.github.world import Commit, Repository
from tests.doubles.github.world.tree import Entry, children

MOST_BYTES = 512_000
"""Of a longer file the text is cut."""


@dataclass(frozen=True)
class Found:
    """A file or folder of a repository."""

    repository: Repository
    entry: Entry

    @property
    def id(self) -> str:
        return self.entry.sha


@field("Repository", "object")
def git_object(
    found: Repository, context: Context, oid: str | None = None, expression: str | None = None
) -> Commit | Found | None:
    """What a hash, a branch or `HEAD:path` names; null if there is no such thing."""
    context.need("contents:read")
    name, is_path, path = (oid or expression or "").partition(":")
    sha = found.head if name == "HEAD" else found.branches.get(name, name)
    if not is_path:
        return found.commits.get(sha or "")
    if path in found.files:
        return Found(found, Entry(path, found.files[path]))
    inside = children(found, path)
    return Found(found, Entry(path, b"", is_folder=True)) if inside else None


TYPES[Found] = lambda found: "Tree" if found.entry.is_folder else "Blob"
for _name in ("Tree", "Blob"):
    node_id(_name, _name[0])
    field(_name, "oid")(lambda found, _: found.entry.sha)


@field("Tree", "entries")
def entries(found: Found, _context: Context) -> list[Found]:
    inside = children(found.repository, found.entry.path)
    return [Found(found.repository, entry) for entry in inside]


field("TreeEntry", "name")(lambda found, _: found.entry.path.rpartition("/")[2])
field("TreeEntry", "path")(lambda found, _: found.entry.path)
field("TreeEntry", "mode")(lambda found, _: int(found.entry.mode, 8))
field("TreeEntry", "oid")(lambda found, _: found.entry.sha)
field("TreeEntry", "size")(lambda found, _: len(found.entry.content))
field("TreeEntry", "type")(lambda found, _: "tree" if found.entry.is_folder else "blob")
field("TreeEntry", "object")(lambda found, _: found)
field("Blob", "byteSize")(lambda found, _: len(found.entry.content))
field("Blob", "isTruncated")(lambda found, _: len(found.entry.content) > MOST_BYTES)


@field("Blob", "isBinary")
def is_binary(found: Found, _context: Context) -> bool:
    return b"\0" in found.entry.content


@field("Blob", "text")
def text(found: Found, _context: Context) -> str | None:
    """Null for what is no text."""
    if b"\0" in found.entry.content:
        return None
    return found.entry.content[:MOST_BYTES].decode(errors="replace")
