"""Merge requests and issues, and what was said and done about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.doubles.gitlab.world.code import DiffVersion
    from tests.doubles.gitlab.world.delivery import Pipeline
    from tests.doubles.gitlab.world.people import User
    from tests.doubles.gitlab.world.project import Project


@dataclass(eq=False, slots=True)
class Approval:
    """An approval that stands."""

    user: User
    approved_at: datetime


@dataclass(eq=False, slots=True)
class Note:
    """A comment, or what GitLab noted itself: then `action` names it."""

    id: int
    author: User
    created_at: datetime
    body: str
    action: str | None = None

    @property
    def is_system(self) -> bool:
        """Tells whether GitLab wrote it."""
        return self.action is not None


@dataclass(eq=False)
class MergeRequest:
    """A merge request; `commits` are those of its branch now, oldest first."""

    project: Project
    id: int
    iid: int
    title: str
    description: str
    author: User
    source_branch: str
    target_branch: str
    created_at: datetime
    updated_at: datetime
    head_sha: str = ""
    state: str = "opened"
    """`opened`, `closed`, `locked` or `merged`."""
    is_draft: bool = False
    is_squashed: bool = False
    prepared_at: datetime | None = None
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    merge_user: User | None = None
    closed_by: User | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    commits: list[str] = field(default_factory=list)
    versions: list[DiffVersion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    reviewers: list[User] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    """Numbers of the issues it closes."""

    @property
    def head_pipeline(self) -> Pipeline | None:
        """The newest pipeline of its head."""
        of_head = [run for run in self.pipelines if run.sha == self.head_sha]
        return of_head[-1] if of_head else None

    @property
    def paths(self) -> list[str]:
        """The files it touches, in order of their names."""
        known = self.project.commits
        return sorted({path for sha in self.commits for path in known[sha].paths})


@dataclass(eq=False, slots=True)
class StateEvent:
    """An issue was closed or reopened."""

    id: int
    user: User
    state: str
    """`closed` or `reopened`."""
    created_at: datetime


@dataclass(eq=False, slots=True)
class LabelEvent:
    """A label came or went."""

    id: int
    user: User
    label: str
    action: str
    """`add` or `remove`."""
    created_at: datetime


@dataclass(eq=False)
class Issue:
    """An issue, or an incident with a severity."""

    project: Project
    id: int
    iid: int
    title: str
    author: User
    created_at: datetime
    updated_at: datetime
    kind: str = "issue"
    """`issue`, `incident` or `task`."""
    description: str = ""
    state: str = "opened"
    """`opened` or `closed`."""
    severity: str = "UNKNOWN"
    labels: list[str] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_by: User | None = None
    state_events: list[StateEvent] = field(default_factory=list)
    label_events: list[LabelEvent] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
