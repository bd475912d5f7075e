"""Up to when a clone that somebody else keeps shows what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from connectors.git.commit import newest_known, read_stored, signature_time
from connectors.git.repository import GitObject, GitRepository
from connectors.git.state import State

_RECENT = 50


def known_until(
    repository: GitRepository, state: State, now: datetime, also: Iterable[datetime | None] = ()
) -> datetime | None:
    """When it was fetched, or the newest of its commits if that is later; None if neither is known.

    A newest commit whose clock is wrong says nothing; those before it then do.

    Args:
        repository: the clone.
        state: its refs.
        now: nothing after it is known.
        also: further times at which something in it happened, such as those of tags.
    """
    if state.head is None:
        return newest_known((state.fetched_at, *also), now)
    if repository.origin():
        also = ()  # a tag set here says nothing of the branch over there
    head_at = newest_known(committed(repository, [state.head]), now)
    known = newest_known((state.fetched_at, head_at, *also), now)
    if known is not None:
        return known
    recent = ("rev-list", "--first-parent", f"--max-count={_RECENT}", state.head, "--")
    shas = [line.decode("ascii") for line in repository.records(*recent)]
    return newest_known(committed(repository, shas), now)


def committed(repository: GitRepository, shas: Sequence[str]) -> list[datetime | None]:
    """When commits were recorded; None where one cannot be read."""
    with repository.objects() as objects:
        return [
            signature_time(read_stored(answer.data).first("committer"))
            for answer in objects.read_all(shas)
            if isinstance(answer, GitObject)
        ]
