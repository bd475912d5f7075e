"""Branches and tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.resolvers import TYPES, connection, field, node_id, plain
from tests.doubles.github.graphql.slices import Slice, by_place
from tests.doubles.github.world import Commit, Repository, Tag


@dataclass(frozen=True)
class Ref:
    """A branch or a tag by its name."""

    name: str
    prefix: str
    target: Commit | TagObject | None


@dataclass(frozen=True)
class TagObject:
    """An annotated tag."""

    repository: Repository
    tag: Tag

    @property
    def id(self) -> str:
        return str(self.tag.object_sha)


@dataclass(frozen=True)
class Tagger:
    """Who made a tag, and when."""

    date: datetime | None


connection("RefConnection")
plain("Ref", name="name", prefix="prefix", target="target")
node_id("Tag", "TA")
TYPES[Commit] = lambda _: "Commit"
TYPES[TagObject] = lambda _: "Tag"


@field("Repository", "defaultBranchRef")
def default_branch(found: Repository, context: Context) -> Ref | None:
    context.need("contents:read")
    return _branch(found, found.default_branch)


@field("Repository", "ref")
def ref(found: Repository, context: Context, qualifiedName: str) -> Ref | None:  # noqa: N803
    context.need("contents:read")
    kind, _, name = qualifiedName.removeprefix("refs/").partition("/")
    if qualifiedName.startswith("refs/"):
        return _branch(found, name) if kind == "heads" else _tag(found, name)
    return named(found, qualifiedName)


@field("Repository", "refs")
def refs(
    found: Repository,
    context: Context,
    refPrefix: str,  # noqa: N803
    orderBy: dict[str, str] | None = None,  # noqa: N803
    direction: str | None = None,
    query: str | None = None,
    **bounds: Any,
) -> Slice:
    context.need("contents:read")
    is_tag = refPrefix == "refs/tags/"
    names = found.tags if is_tag else found.branches
    listed = [(_tag if is_tag else _branch)(found, name) for name in names]
    known = [ref for ref in listed if ref is not None and (query or "") in ref.name]
    order = orderBy or {"field": "ALPHABETICAL", "direction": direction or "ASC"}
    keys: dict[str, Callable[[Ref], Any]] = {
        "ALPHABETICAL": lambda ref: ref.name,
        "TAG_COMMIT_DATE": lambda ref: (_committed_at(ref), ref.name),
    }
    is_reversed = order["direction"] == "DESC"
    return by_place(sorted(known, key=keys[order["field"]], reverse=is_reversed), **bounds)


field("Tag", "oid")(lambda value, _: value.tag.object_sha)
field("Tag", "name")(lambda value, _: value.tag.name)
field("Tag", "target")(lambda value, _: value.repository.commits[value.tag.commit])
field("Tag", "tagger")(lambda value, _: Tagger(value.tag.tagged_at))


def _branch(found: Repository, name: str) -> Ref | None:
    sha = found.branches.get(name)
    return Ref(name, "refs/heads/", found.commits[sha]) if sha else None


def _tag(found: Repository, name: str) -> Ref | None:
    tag = found.tags.get(name)
    if tag is None:
        return None
    target = TagObject(found, tag) if tag.object_sha else found.commits.get(tag.commit)
    return Ref(name, "refs/tags/", target)


def named(found: Repository, name: str) -> Ref | None:
    """A branch or, failing that, a tag of a name."""
    return _branch(found, name) or _tag(found, name)


def _committed_at(ref: Ref) -> float:
    target = ref.target
    if isinstance(target, TagObject):
        target = target.repository.commits[target.tag.commit]
    return target.committed_at.timestamp() if target else 0.0
