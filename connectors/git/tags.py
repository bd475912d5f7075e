"""Reads what tags stand for: a commit, a note about a commit, or something else altogether."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.git.commit import is_plausible, read_stored, signature_time
from connectors.git.deploy_tags import is_prerelease
from connectors.git.graph import highest_contained, place, read_graph, salvage_graph
from connectors.git.objects import ObjectReader
from connectors.git.repository import AbsentObject, GitFailed, GitObject, GitRepository, Ref
from connectors.git.state import State
from data.model import GapReason

_SHA = re.compile("[0-9a-f]{40,64}")
_MAX_NESTING = 10


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with what it says and what it leads to."""

    name: str
    """Without `refs/tags/`."""
    sha: str
    """Of the object it names itself."""
    commit: str | None
    """Commit it leads to, through any number of further tags; None if to none."""
    leads_to: str
    """`commit`, `tree` or `blob`, or why the way ends: `missing_object`, `unreadable` …"""
    tagger: str | None = None
    """Name, mail and time of an annotated tag, as it is stored."""
    message: str | None = None
    committer: str | None = None
    """The same of the commit."""

    @property
    def tagged_at(self) -> datetime | None:
        """Time of an annotated tag, else of its commit; None if that cannot be right."""
        time = signature_time(self.tagger or self.committer)
        return time if is_plausible(time) else None


def read_tags(repository: GitRepository, refs: Iterable[Ref]) -> list[Tag]:
    """Reads the objects behind tags, in the order of the refs."""
    refs = list(refs)
    with repository.objects() as objects:
        answers = list(objects.read_all(ref.sha for ref in refs))
        return [_follow(objects, ref, answer) for ref, answer in zip(refs, answers, strict=True)]


def tips_of(tags: Iterable[Tag]) -> list[tuple[str, str]]:
    """Names and commits of tags, first the one that counts first for a commit in several.

    Releases come before pre-releases, older before newer, those without a time last.
    """

    def rank(tag: Tag) -> tuple[bool, bool, str, str]:
        time = tag.tagged_at
        return is_prerelease(tag.name), time is None, time.isoformat() if time else "", tag.name

    return [(tag.name, tag.commit) for tag in sorted(tags, key=rank) if tag.commit]


def tag_lines(repository: GitRepository, state: State, tags: Sequence[Tag]) -> list[dict[str, Any]]:
    """Tags, JSON-able, each with the highest mainline ordinal that its commit contains."""
    tips = tips_of(tags)
    wanted = [*([state.head] if state.head else []), *(sha for _, sha in tips)]
    try:
        graph = read_graph(repository, wanted)
    except GitFailed:
        graph = salvage_graph(repository, wanted)
    mainline = place(graph, state.head or "", ())
    ordinals = {group[-1]: at for at, group in enumerate(mainline.groups, 1)}
    highest = highest_contained(graph.parents, ordinals, [sha for _, sha in tips])
    return [asdict(tag) | {"position": highest.get(tag.commit or "") or None} for tag in tags]


def _follow(objects: ObjectReader, ref: Ref, answer: GitObject | AbsentObject) -> Tag:
    name = ref.name.removeprefix("refs/tags/")
    tagger: str | None = None
    message: str | None = None
    for _ in range(_MAX_NESTING):
        if isinstance(answer, AbsentObject) or answer.kind != "tag":
            break
        stored = read_stored(answer.data)
        if message is None:
            tagger, message = stored.first("tagger"), stored.message
        target = stored.first("object") or ""
        if not _SHA.fullmatch(target):
            break
        answer = objects.read(target)
    if isinstance(answer, AbsentObject):
        return Tag(name, ref.sha, None, answer.reason.value, tagger, message)
    if answer.kind == "tag":  # of tags without end, or naming no object
        return Tag(name, ref.sha, None, GapReason.UNREADABLE.value, tagger, message)
    if answer.kind != "commit":
        return Tag(name, ref.sha, None, answer.kind, tagger, message)
    committer = read_stored(answer.data).first("committer")
    return Tag(name, ref.sha, answer.sha, "commit", tagger, message, committer)
