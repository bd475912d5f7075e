"""Issues, and labels of issues and pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.github.world import Account, Event, Issue, Repository, World


def open_issue(
    world: World,
    repository: Repository,
    author: Account | None,
    at: datetime,
    title: str = "Something is wrong",
    labels: Sequence[str] = (),
    body: str = "",
) -> Issue:
    """Opens an issue; its labels are its first events."""
    number = repository.next_number()
    issue = Issue(repository, number, world.new_id(), title, body, author, at, at)
    repository.issues[number] = issue
    for name in labels:
        label(world, issue, name, author, at)
    return issue


def close(
    world: World, issue: Issue, by: Account | None, at: datetime, reason: str = "COMPLETED"
) -> None:
    """Closes an issue."""
    issue.state, issue.state_reason, issue.closed_at = "CLOSED", reason, at
    _happened(world, issue, "ClosedEvent", by, at)


def reopen(world: World, issue: Issue, by: Account | None, at: datetime) -> None:
    """Opens an issue again."""
    issue.state, issue.state_reason, issue.closed_at = "OPEN", "REOPENED", None
    _happened(world, issue, "ReopenedEvent", by, at)


def label(world: World, issue: Issue, name: str, by: Account | None, at: datetime) -> None:
    """Puts a label on an issue or a pull request."""
    issue.labels.append(name)
    _happened(world, issue, "LabeledEvent", by, at, name)


def unlabel(world: World, issue: Issue, name: str, by: Account | None, at: datetime) -> None:
    """Takes a label off."""
    issue.labels.remove(name)
    _happened(world, issue, "UnlabeledEvent", by, at, name)


def _happened(
    world: World,
    issue: Issue,
    kind: str,
    by: Account | None,
    at: datetime,
    name: str | None = None,
) -> None:
    issue.timeline.append(Event(world.new_id(), kind, at, by, label=name))
    issue.updated_at = max(issue.updated_at, at)
