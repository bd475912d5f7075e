"""Issues and incidents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.gitlab.world import Issue, LabelEvent, Project, StateEvent, User, World


def open_issue(
    world: World,
    project: Project,
    author: User,
    at: datetime,
    title: str = "Something is wrong",
    *,
    labels: Sequence[str] = (),
    kind: str = "issue",
    severity: str = "UNKNOWN",
    description: str = "",
) -> Issue:
    """Opens an issue."""
    iid = max(project.issues, default=0) + 1
    made = Issue(
        project,
        world.new_id(),
        iid,
        title,
        author,
        at,
        at,
        kind,
        description,
        severity=severity,
    )
    project.issues[iid] = made
    for name in labels:
        label(world, made, author, at, name)
    return made


def open_incident(
    world: World,
    project: Project,
    author: User,
    at: datetime,
    title: str = "It is down",
    severity: str = "HIGH",
    *,
    labels: Sequence[str] = (),
) -> Issue:
    """Opens an incident."""
    return open_issue(
        world, project, author, at, title, labels=labels, kind="incident", severity=severity
    )


def close(world: World, issue: Issue, by: User, at: datetime) -> None:
    """Closes an issue."""
    issue.state, issue.closed_at, issue.closed_by, issue.updated_at = "closed", at, by, at
    issue.state_events.append(StateEvent(world.new_id(), by, "closed", at))


def reopen(world: World, issue: Issue, by: User, at: datetime) -> None:
    """Opens a closed issue again: the time it was closed at is gone."""
    issue.state, issue.closed_at, issue.closed_by, issue.updated_at = "opened", None, None, at
    issue.state_events.append(StateEvent(world.new_id(), by, "reopened", at))


def label(world: World, issue: Issue, by: User, at: datetime, name: str) -> None:
    """Puts a label on an issue."""
    issue.labels.append(name)
    issue.label_events.append(LabelEvent(world.new_id(), by, name, "add", at))
    issue.updated_at = at


def unlabel(world: World, issue: Issue, by: User, at: datetime, name: str) -> None:
    """Takes a label off an issue."""
    issue.labels.remove(name)
    issue.label_events.append(LabelEvent(world.new_id(), by, name, "remove", at))
    issue.updated_at = at
