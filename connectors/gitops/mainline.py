"""The mainline of a configuration repository: its commits in order, each with its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.git.commit import EPOCH, parents_of, read_stored, signature_time
from connectors.git.objects import AbsentObject, ObjectReader
from connectors.git.repository import GitFailed, GitRepository


@dataclass(frozen=True, slots=True)
class ConfigCommit:
    """A commit of the mainline."""

    sha: str
    parent: str | None
    """First parent; None at the start of the history."""
    committed_at: datetime
    is_dated: bool = True
    """False if it has no time of any calendar, and so that of the commit before it."""


def read_mainline(
    repository: GitRepository, objects: ObjectReader, head: str, since: str | None = None
) -> list[ConfigCommit] | None:
    """The first-parent history of `head`, oldest first, without `since` and what is before it.

    It begins at the oldest commit that can be read: one with a parent is not the first.

    Returns:
        None if `since` is not, or no longer, on it.
    """
    try:
        commits = _log(repository, head, since)
    except GitFailed:
        commits = _walk(repository, objects, head, since)
    if since and since != head and (not commits or commits[0].parent != since):
        return None
    return commits


def _log(repository: GitRepository, head: str, since: str | None) -> list[ConfigCommit]:
    limit = (f"^{since}",) if since else ()
    form = ("--first-parent", "--reverse", "--format=%H %ct %P")
    commits: list[ConfigCommit] = []
    for line in repository.records("log", *form, head, *limit, "--"):
        sha, seconds, *parents = line.decode("ascii").split()
        commits.append(_commit(commits, sha, parents, f"> {seconds}"))
    return commits


def _walk(
    repository: GitRepository, objects: ObjectReader, head: str, since: str | None
) -> list[ConfigCommit]:
    """Goes back commit by commit, which git's own walk does not do past a missing one."""
    boundary = repository.shallow_boundary()
    line: list[tuple[str, tuple[str, ...], str | None]] = []
    due: str | None = head
    while due and due != since:
        answer = objects.read(due)
        if isinstance(answer, AbsentObject):
            break
        parents = () if due in boundary else parents_of(answer.data)
        line.append((due, parents, read_stored(answer.data).first("committer")))
        due = parents[0] if parents else None
    commits: list[ConfigCommit] = []
    for sha, parents, signature in reversed(line):
        commits.append(_commit(commits, sha, parents, signature))
    return commits


def _commit(
    before: Sequence[ConfigCommit], sha: str, parents: Sequence[str], signature: str | None
) -> ConfigCommit:
    time = signature_time(signature)
    parent = parents[0] if parents else None
    if time is None:
        earlier = before[-1].committed_at if before else EPOCH
        return ConfigCommit(sha, parent, earlier, is_dated=False)
    return ConfigCommit(sha, parent, time)
