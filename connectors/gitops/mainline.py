"""The mainline of a configuration repository: its commits in order, each with its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.git.commit import EPOCH, is_plausible, parents_of, read_stored, signature_time
from connectors.git.objects import AbsentObject, ObjectReader
from connectors.git.repository import GitFailed, GitRepository

MAX_LAG = timedelta(days=1)
"""A commit is taken to be as late as the one before it, if its clock is behind by no more."""

_Told = tuple[str, Sequence[str], str | None]
"""Hash, parents and committer line of a commit."""


@dataclass(frozen=True, slots=True)
class ConfigCommit:
    """A commit of the mainline."""

    sha: str
    parent: str | None
    """First parent; None at the start of the history."""
    committed_at: datetime
    """Not before that of its parent, unless a clock is wrong by more than `MAX_LAG`."""
    is_dated: bool = True
    """False if it has no time of any calendar, and so that of the commit before it."""


def read_mainline(
    repository: GitRepository,
    objects: ObjectReader,
    head: str,
    since: str | None = None,
    since_at: datetime | None = None,
) -> list[ConfigCommit] | None:
    """The first-parent history of `head`, oldest first, without `since` and what is before it.

    It begins at the oldest commit that can be read: one with a parent is not the first.

    Args:
        repository: the configuration repository.
        objects: reads its commits.
        head: the newest commit.
        since: a commit that was read before.
        since_at: the time that was taken for it.

    Returns:
        None if `since` is not, or no longer, on it.
    """
    try:
        told = list(_log(repository, head, since))
    except GitFailed:
        told = _walk(repository, objects, head, since)
    commits: list[ConfigCommit] = []
    for sha, parents, signature in told:
        before_at = commits[-1].committed_at if commits else since_at or EPOCH
        commits.append(_commit(sha, parents, signature, before_at))
    if since and since != head and (not commits or commits[0].parent != since):
        return None
    return commits


def _log(repository: GitRepository, head: str, since: str | None) -> Iterator[_Told]:
    limit = (f"^{since}",) if since else ()
    form = ("--first-parent", "--reverse", "--format=%H %ct %P")
    for line in repository.records("log", *form, head, *limit, "--"):
        sha, seconds, *parents = line.decode("ascii").split()
        yield sha, parents, f"> {seconds}"


def _walk(
    repository: GitRepository, objects: ObjectReader, head: str, since: str | None
) -> list[_Told]:
    """Goes back commit by commit, which git's own walk does not do past a missing one."""
    boundary = repository.shallow_boundary()
    line: list[_Told] = []
    due: str | None = head
    while due and due != since:
        answer = objects.read(due)
        if isinstance(answer, AbsentObject):
            break
        parents = () if due in boundary else parents_of(answer.data)
        line.append((due, parents, read_stored(answer.data).first("committer")))
        due = parents[0] if parents else None
    return line[::-1]


def _commit(
    sha: str, parents: Sequence[str], signature: str | None, before_at: datetime
) -> ConfigCommit:
    time = signature_time(signature)
    parent = parents[0] if parents else None
    if time is None:
        return ConfigCommit(sha, parent, before_at, is_dated=False)
    # The mainline says what came first. A commit before it from far in the future moves nothing.
    is_late = is_plausible(time) and is_plausible(before_at) and before_at - time <= MAX_LAG
    return ConfigCommit(sha, parent, max(time, before_at) if is_late else time)
