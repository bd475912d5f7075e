"""The ways a pull request ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.github.story.pushing import commit
from tests.doubles.github.world import Account, Commit, Event, Pull, World


def squash_merge(world: World, pull: Pull, by: Account | None, at: datetime) -> Commit:
    """Lands all as one new commit, authored by who opened it."""
    base = pull.repository.branches[pull.base]
    authors = {c.author for sha in pull.commits for c in [pull.repository.commits[sha]]}
    made = commit(
        world,
        pull.repository,
        pull.author,
        at,
        f"{pull.title} (#{pull.number})",
        base,
        files=pull.files,
        co_authors=sorted(authors - {pull.author}, key=lambda a: a.login if a else ""),
        signature="VALID",
    )
    return _land(pull, by, at, [made])


def merge(world: World, pull: Pull, by: Account | None, at: datetime) -> Commit:
    """Lands the branch as it is, under a merge commit."""
    base = pull.repository.branches[pull.base]
    title = f"Merge pull request #{pull.number} from {pull.repository.owner.login}/{pull.head}"
    message = f"{title}\n\n{pull.title}"
    made = commit(world, pull.repository, by, at, message, base, pull.head_sha, signature="VALID")
    return _land(pull, by, at, [*_own(pull), made])


def rebase_merge(world: World, pull: Pull, by: Account | None, at: datetime) -> Commit:
    """Lands each commit anew; the merge commit is the last."""
    repository = pull.repository
    head = repository.branches[pull.base]
    landed = []
    for old in _own(pull):
        made = commit(
            world,
            repository,
            old.author,
            at,
            old.message,
            head,
            files=old.files,
            co_authors=old.co_authors,
            authored_at=old.authored_at,
        )
        landed.append(made)
        head = made.sha
    return _land(pull, by, at, landed)


def merge_through_queue(
    world: World, pull: Pull, queued_by: Account | None, queued_at: datetime, at: datetime
) -> Commit:
    """Waits in the merge queue, whose bot then lands it squashed."""
    kinds = ("AddedToMergeQueueEvent", "RemovedFromMergeQueueEvent")
    for kind, moment in zip(kinds, (queued_at, at), strict=True):
        pull.timeline.append(Event(world.new_id(), kind, moment, queued_by))
    return squash_merge(world, pull, world.bot("github-merge-queue"), at)


def close_pull(world: World, pull: Pull, by: Account | None, at: datetime) -> None:
    """Closes without merging."""
    pull.state, pull.closed_at = "CLOSED", at
    pull.updated_at = max(pull.updated_at, at)
    pull.timeline.append(Event(world.new_id(), "ClosedEvent", at, by))


def _own(pull: Pull) -> list[Commit]:
    return [pull.repository.commits[sha] for sha in pull.commits]


def _land(pull: Pull, by: Account | None, at: datetime, landed: Sequence[Commit]) -> Commit:
    repository = pull.repository
    last = landed[-1]
    repository.branches[pull.base] = last.sha
    repository.branches.pop(pull.head, None)
    repository.pushed_at = max(repository.pushed_at, at)
    if pull.base == repository.default_branch:
        repository.landed |= dict.fromkeys((made.sha for made in landed), pull.number)
    pull.state, pull.merged_at, pull.closed_at = "MERGED", at, at
    pull.merged_by, pull.merge_sha = by, last.sha
    pull.updated_at = max(pull.updated_at, at)
    return last
