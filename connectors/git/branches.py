"""Finds the commits of squashed changes where a mirror still has the branches they came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.git.commit import read_stored
from connectors.git.graph import Parents, read_graph
from connectors.git.message import read_landing
from connectors.git.repository import GitObject, GitRepository

_REFS = ("refs/pull/", "refs/merge-requests/", "refs/pull-requests/")
_MAX_TEXTS = 100
_REQUEST_HEAD = re.compile(r"refs/(?:pull|merge-requests|pull-requests)/(\d+)/(?:head|from)")


@dataclass(frozen=True, slots=True)
class Squash:
    """A change that landed as one new commit."""

    number: str
    landed_sha: str
    position: int


@dataclass(frozen=True, slots=True)
class Branch:
    """What was squashed."""

    head: str
    authors: Sequence[tuple[str, str]]
    """Hash and `author` line of each commit, newest first."""


def request_heads(repository: GitRepository) -> dict[str, str]:
    """Last commits of pull and merge requests by number, as a `--mirror` clone has them."""
    found = ((_REQUEST_HEAD.fullmatch(ref.name), ref.sha) for ref in repository.refs(*_REFS))
    return {request[1]: sha for request, sha in found if request}


def landed_before(repository: GitRepository, numbers: Iterable[str], head: str | None) -> set[str]:
    """Those of the numbers that a mainline commit up to `head` has landed already.

    A number comes twice when a commit is landed again, or when two repositories were joined.

    Raises:
        GitFailed: if commits of the mainline are missing.
    """
    wanted = set(numbers)
    if head is None or not wanted:
        return set()
    texts = [f"--grep={mark}{number}" for number in sorted(wanted) for mark in "#!"]
    if len(wanted) > _MAX_TEXTS:  # it is quicker to read all messages
        texts = []
    limits = ("--first-parent", "--fixed-strings", "--format=%P%x00%B%x00", *texts)
    parts = repository.run("log", *limits, head, "--").decode("utf-8", "replace").split("\0")
    landed = (
        read_landing(message, len(parents.split())).number
        for parents, message in zip(parts[::2], parts[1::2], strict=False)
    )
    return wanted.intersection(filter(None, landed))


def read_branches(
    repository: GitRepository,
    squashes: Sequence[Squash],
    heads: Mapping[str, str],
    positions: Mapping[str, int],
    known: str | None,
) -> dict[str, Branch | None]:
    """Reads the branches of squashed changes.

    A branch ends where the mainline before the change begins, or at the head of an earlier
    request: a branch that is squashed again and again would bring its first commits each time.
    One that never meets the mainline is not read: the mainline was rewritten since.

    Args:
        repository: where to read.
        squashes: changes whose number is in `heads`.
        heads: as `request_heads` gives them.
        positions: mainline ordinals, of all commits that `known` does not contain.
        known: mainline commit before all these changes.

    Returns:
        Branches by the hash of the landed commit; None where nothing of it is left.

    Raises:
        GitFailed: if commits of the branches are missing.
    """
    graph = read_graph(repository, [heads[squash.number] for squash in squashes], known)
    requests = _lowest_numbers(heads)
    shas = {
        squash.landed_sha: _walk(graph.parents, heads[squash.number], squash, positions, requests)
        for squash in squashes
    }
    authors = _authors(repository, {sha for branch in shas.values() for sha in branch})
    return {
        squash.landed_sha: _branch(heads[squash.number], shas[squash.landed_sha], authors)
        for squash in squashes
    }


def _branch(head: str, shas: Sequence[str], authors: Mapping[str, str]) -> Branch | None:
    return Branch(head, [(sha, authors[sha]) for sha in shas if sha in authors]) if shas else None


def _lowest_numbers(heads: Mapping[str, str]) -> dict[str, int]:
    lowest: dict[str, int] = {}
    for number, sha in heads.items():
        lowest[sha] = min(int(number), lowest.get(sha, int(number)))
    return lowest


def _walk(
    parents: Parents,
    head: str,
    squash: Squash,
    positions: Mapping[str, int],
    requests: Mapping[str, int],
) -> list[str]:
    own = int(squash.number)
    branch: list[str] = []
    seen = {head}
    due = [head]
    while due:
        sha = due.pop()
        is_landed_before = positions.get(sha, squash.position) < squash.position
        is_of_earlier = sha != head and requests.get(sha, own) < own
        if sha not in parents or is_landed_before or is_of_earlier:
            continue
        if not parents[sha]:
            return []  # it begins outside of this history: one that was rewritten, or cut off
        branch.append(sha)
        due += (parent for parent in parents[sha] if parent not in seen)
        seen.update(parents[sha])
    return branch


def _authors(repository: GitRepository, shas: Iterable[str]) -> dict[str, str]:
    with repository.objects() as objects:
        return {
            answer.sha: read_stored(answer.data).first("author") or ""
            for answer in objects.read_all(sorted(shas))
            if isinstance(answer, GitObject)
        }
