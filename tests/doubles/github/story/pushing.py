"""Commits, and what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.github.world import Account, Check, Commit, Repository, Status, World


def commit(
    world: World,
    repository: Repository,
    author: Account | None,
    at: datetime,
    message: str,
    *parents: str,
    files: Sequence[str] = (),
    co_authors: Sequence[Account | None] = (),
    authored_at: datetime | None = None,
    signature: str | None = None,
) -> Commit:
    """Makes a commit that no branch leads to yet."""
    sha = world.new_sha(repository.id, message, at)
    made = Commit(
        repository,
        sha,
        message,
        authored_at or at,
        at,
        parents,
        author,
        tuple(co_authors),
        signature,
        tuple(files),
    )
    repository.commits[sha] = made
    return made


def push(
    world: World,
    repository: Repository,
    author: Account | None,
    at: datetime,
    message: str = "Change something",
    branch: str | None = None,
    **told: object,
) -> Commit:
    """Adds a commit to a branch, the default branch if none is named, past any review.

    Args:
        told: `files`, `co_authors`, `authored_at`, `signature`, as `commit` takes them.
    """
    branch = branch or repository.default_branch
    head = repository.branches.get(branch) or repository.head
    made = commit(world, repository, author, at, message, *([head] if head else []), **told)  # type: ignore[arg-type]
    repository.branches[branch] = made.sha
    repository.pushed_at = max(repository.pushed_at, at)
    return made


def check(
    world: World,
    repository: Repository,
    sha: str,
    name: str,
    conclusion: str | None,
    at: datetime,
    ended_at: datetime | None = None,
    *,
    app: str = "github-actions",
) -> Check:
    """Adds a check of a commit; without a conclusion it is still running."""
    status = "completed" if conclusion else "in_progress"
    ended_at = (ended_at or at) if conclusion else None
    made = Check(repository, world.new_id(), sha, name, status, conclusion, at, ended_at, app)
    repository.checks.setdefault(sha, []).append(made)
    return made


def set_status(
    world: World,
    repository: Repository,
    sha: str,
    context: str,
    state: str,
    at: datetime,
    by: Account | None = None,
) -> Status:
    """Sets a status of a commit, such as `success` of `ci/build`."""
    made = Status(world.new_id(), sha, context, state, at, by)
    repository.statuses.setdefault(sha, []).append(made)
    return made
