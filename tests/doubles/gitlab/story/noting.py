"""What GitLab notes beneath a merge request, in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.gitlab.world import Commit, DiffVersion, MergeRequest, Note, User, World


def note(
    world: World, change: MergeRequest, by: User, at: datetime, body: str, action: str | None = None
) -> Note:
    """Writes a note; without an action it is a comment."""
    made = Note(world.new_id(), by, at, body, action)
    change.notes.append(made)
    change.updated_at = max(change.updated_at, at)
    return made


def note_push(
    world: World, change: MergeRequest, by: User, at: datetime, added: Sequence[Commit], before: str
) -> None:
    """Notes what a push added, with the address that compares it with the head before."""
    path = f"/{change.project.full_path}/-/merge_requests/{change.iid}/diffs"
    lines = "".join(f"<li>{made.sha[:8]} - {made.title}</li>" for made in added)
    count = f"{len(added)} commit{'' if len(added) == 1 else 's'}"
    compared = f"{path}?diff_id={change.versions[-1].id}&start_sha={before}"
    body = f"added {count}\n\n<ul>{lines}</ul>\n\n[Compare with previous version]({compared})"
    note(world, change, by, at, body, "commit")


def show(world: World, change: MergeRequest, at: datetime) -> None:
    """Begins a new version of the diff, of the commits as they are now."""
    known = change.project.commits
    base = known[change.commits[0]].parents[0]
    start = change.project.branches[change.target_branch]
    shown = tuple(change.commits)
    version = DiffVersion(world.new_id(), change.commits[-1], base, start, at, shown)
    change.versions.append(version)
    change.head_sha = version.head_sha
    change.project.branches[change.source_branch] = version.head_sha
    change.updated_at = max(change.updated_at, at)
