"""Pull requests and issues, and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.doubles.github.world.accounts import Account
from tests.doubles.github.world.code import Commit

if TYPE_CHECKING:
    from tests.doubles.github.world.repository import Repository


@dataclass(eq=False)
class Event:
    """An entry of a timeline."""

    id: int
    kind: str
    """Name of its type in GraphQL, such as `LabeledEvent`."""
    at: datetime
    actor: Account | None
    before_sha: str | None = None
    after_sha: str | None = None
    label: str | None = None
    review: Review | None = None
    previous_state: str | None = None
    commits: dict[str, Commit] = field(default_factory=dict)
    """All of the repository, to look the hashes up in."""


@dataclass(eq=False)
class Review:
    """One review; a dismissed one has lost what it said."""

    pull: Pull
    id: int
    author: Account | None
    state: str
    """`APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED` or `PENDING`."""
    submitted_at: datetime | None
    sha: str | None


@dataclass(eq=False)
class Issue:
    """An issue."""

    repository: Repository
    number: int
    id: int
    title: str
    body: str
    author: Account | None
    created_at: datetime
    updated_at: datetime
    state: str = "OPEN"
    state_reason: str | None = None
    closed_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    timeline: list[Event] = field(default_factory=list)


@dataclass(eq=False)
class Pull(Issue):
    """A pull request, which the host also lists as an issue."""

    base: str = "main"
    head: str = "topic"
    head_sha: str = ""
    commits: list[str] = field(default_factory=list)
    """The branch as it is now, oldest first."""
    files: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    closing_issues: list[int] = field(default_factory=list)
    is_draft: bool = False
    is_cross_repository: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_sha: str | None = None
    """Commit on the target branch; of a rebase the last one."""
