"""Merge requests until they are merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.gitlab.story.noting import note, note_push, show
from tests.doubles.gitlab.story.pushing import commit
from tests.doubles.gitlab.world import Commit, MergeRequest, Project, User, World


def open_merge_request(
    world: World,
    project: Project,
    author: User,
    at: datetime,
    title: str = "Change something",
    *,
    description: str = "",
    branch: str | None = None,
    target: str | None = None,
    paths: Sequence[str] = ("src/app.py",),
    is_draft: bool = False,
    labels: Sequence[str] = (),
    closes: Sequence[int] = (),
    committed_at: datetime | None = None,
) -> MergeRequest:
    """Opens a merge request with one commit on a branch of its own."""
    iid = max(project.merge_requests, default=0) + 1
    change = MergeRequest(
        project,
        world.new_id(),
        iid,
        title,
        "\n".join([description, *(f"Closes #{issue}" for issue in closes)]).strip(),
        author,
        branch or f"topic-{iid}",
        target or project.default_branch,
        at,
        at,
        is_draft=is_draft,
        prepared_at=at,
        labels=list(labels),
        closes=list(closes),
    )
    project.merge_requests[iid] = change
    base = [project.branches[change.target_branch]]
    first = commit(world, project, author, committed_at or at, title, base, paths=paths)
    change.commits.append(first.sha)
    show(world, change, at)
    return change


def push_to(
    world: World,
    change: MergeRequest,
    author: User,
    at: datetime,
    message: str = "Work on it",
    *,
    paths: Sequence[str] = (),
) -> Commit:
    """Adds a commit to the branch of a merge request."""
    parents = [change.commits[-1]]
    made = commit(world, change.project, author, at, message, parents, paths=paths)
    change.commits.append(made.sha)
    _pushed(world, change, author, at, [made])
    return made


def merge_target_into(world: World, change: MergeRequest, author: User, at: datetime) -> Commit:
    """Brings the branch up to date by a merge of its target."""
    parents = [change.commits[-1], change.project.branches[change.target_branch]]
    message = f"Merge branch '{change.target_branch}' into '{change.source_branch}'"
    made = commit(world, change.project, author, at, message, parents)
    change.commits.append(made.sha)
    _pushed(world, change, author, at, [made])
    return made


def force_push(
    world: World, change: MergeRequest, author: User, at: datetime, message: str = "Do it anew"
) -> Commit:
    """Replaces the branch of a merge request by one new commit."""
    base = change.project.commits[change.commits[0]].parents[:1]
    made = commit(world, change.project, author, at, message, base, paths=change.paths)
    change.commits = [made.sha]
    _pushed(world, change, author, at, [made])
    return made


def rebase(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Writes the branch anew on top of its target, as the button does; approvals stay."""
    project = change.project
    base, added = project.branches[change.target_branch], []
    for sha in change.commits:
        old = project.commits[sha]
        made = commit(
            world,
            project,
            old.author,
            at,
            old.message,
            [base],
            paths=old.paths,
            authored_at=old.authored_at,
        )
        added.append(made)
        base = made.sha
    change.commits = [made.sha for made in added]
    _show_push(world, change, by, at, added)


def mark_ready(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Ends the draft."""
    change.is_draft = False
    note(world, change, by, at, "marked this merge request as **ready**", "title")


def mark_draft(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Makes it a draft again."""
    change.is_draft = True
    note(world, change, by, at, "marked this merge request as **draft**", "title")


def close_merge_request(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    """Closes it without merging."""
    change.state, change.closed_at, change.closed_by = "closed", at, by
    change.updated_at = max(change.updated_at, at)


def label_merge_request(change: MergeRequest, label: str, at: datetime) -> None:
    """Puts a label on it; the event is no note."""
    change.labels.append(label)
    change.updated_at = max(change.updated_at, at)


def unlabel_merge_request(change: MergeRequest, label: str, at: datetime) -> None:
    """Takes a label off."""
    change.labels.remove(label)
    change.updated_at = max(change.updated_at, at)


def _pushed(
    world: World, change: MergeRequest, by: User, at: datetime, added: Sequence[Commit]
) -> None:
    _show_push(world, change, by, at, added)
    if change.approvals and change.project.approval_settings.is_reset_on_push:
        names = [f"@{approval.user.username}" for approval in change.approvals]
        told = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        body = f"reset approvals from {told} by pushing to the branch"
        change.approvals.clear()
        note(world, change, by, at, body, "approvals_reset")


def _show_push(
    world: World, change: MergeRequest, by: User, at: datetime, added: Sequence[Commit]
) -> None:
    before = change.head_sha
    show(world, change, at)
    note_push(world, change, by, at, added, before)
