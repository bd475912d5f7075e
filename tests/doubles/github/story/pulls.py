"""Pull requests until they are merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.github.story.pushing import commit
from tests.doubles.github.world import Account, Commit, Event, Pull, Repository, World


def open_pull(
    world: World,
    repository: Repository,
    author: Account | None,
    at: datetime,
    title: str = "Change something",
    *,
    body: str = "",
    branch: str | None = None,
    base: str | None = None,
    files: Sequence[str] = ("src/app.py",),
    is_draft: bool = False,
    labels: Sequence[str] = (),
    closes: Sequence[int] = (),
    committed_at: datetime | None = None,
    co_authors: Sequence[Account | None] = (),
) -> Pull:
    """Opens a pull request with one commit on a branch of its own."""
    number = repository.next_number()
    branch = branch or f"topic-{number}"
    base = base or repository.default_branch
    pull = Pull(
        repository,
        number,
        world.new_id(),
        title,
        body,
        author,
        at,
        at,
        labels=list(labels),
        base=base,
        head=branch,
        is_draft=is_draft,
        closing_issues=list(closes),
    )
    repository.branches[branch] = repository.branches[base]
    repository.pulls[number] = pull
    push_to(world, pull, author, committed_at or at, title, files=files, co_authors=co_authors)
    pull.updated_at = at
    return pull


def push_to(
    world: World,
    pull: Pull,
    author: Account | None,
    at: datetime,
    message: str = "Work on it",
    *,
    files: Sequence[str] = (),
    co_authors: Sequence[Account | None] = (),
) -> Commit:
    """Adds a commit to the branch of a pull request."""
    repository = pull.repository
    parent = repository.branches[pull.head]
    made = commit(
        world, repository, author, at, message, parent, files=files, co_authors=co_authors
    )
    pull.commits.append(made.sha)
    pull.files.extend(path for path in files if path not in pull.files)
    _moved(pull, made.sha, at)
    return made


def force_push(
    world: World, pull: Pull, author: Account | None, at: datetime, message: str = "Do it anew"
) -> Commit:
    """Replaces the branch of a pull request by one new commit."""
    repository = pull.repository
    before = pull.head_sha
    base = repository.commits[pull.commits[0]].parents[0]
    made = commit(world, repository, author, at, message, base, files=pull.files)
    pull.commits = [made.sha]
    _moved(pull, made.sha, at)
    event = Event(world.new_id(), "HeadRefForcePushedEvent", at, author)
    event.before_sha, event.after_sha, event.commits = before, made.sha, repository.commits
    pull.timeline.append(event)
    return made


def mark_ready(world: World, pull: Pull, by: Account | None, at: datetime) -> None:
    """Ends the draft."""
    pull.is_draft = False
    _happened(world, pull, "ReadyForReviewEvent", by, at)


def convert_to_draft(world: World, pull: Pull, by: Account | None, at: datetime) -> None:
    """Makes it a draft again."""
    pull.is_draft = True
    _happened(world, pull, "ConvertToDraftEvent", by, at)


def _happened(world: World, pull: Pull, kind: str, by: Account | None, at: datetime) -> None:
    pull.timeline.append(Event(world.new_id(), kind, at, by))
    pull.updated_at = max(pull.updated_at, at)


def _moved(pull: Pull, sha: str, at: datetime) -> None:
    pull.head_sha = pull.repository.branches[pull.head] = sha
    pull.updated_at = max(pull.updated_at, at)
    pull.repository.pushed_at = max(pull.repository.pushed_at, at)
