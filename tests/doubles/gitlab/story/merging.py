"""How merge requests land, by the method of their project."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.doubles.gitlab.story.changes import rebase
from tests.doubles.gitlab.story.ci import run
from tests.doubles.gitlab.story.issues import close
from tests.doubles.gitlab.story.noting import note
from tests.doubles.gitlab.story.pushing import commit, land
from tests.doubles.gitlab.world import MergeRequest, User, World


def merge(
    world: World, change: MergeRequest, by: User, at: datetime, *, is_squashed: bool = False
) -> str:
    """Merges by the project's method and returns the commit that landed.

    `merge` makes a merge commit; `rebase_merge` puts the branch on top of its target first; `ff`
    makes no merge commit at all. A squash makes one commit of the branch before that.
    """
    project, target = change.project, change.target_branch
    head = project.branches[target]
    if project.merge_method != "merge" and project.commits[change.commits[0]].parents[0] != head:
        rebase(world, change, by, at - timedelta(seconds=1))
    change.is_squashed = is_squashed
    landed = _squash(world, change, at) if is_squashed else change.head_sha
    if project.merge_method != "ff":
        message = (
            f"Merge branch '{change.source_branch}' into '{target}'\n\n{change.title}\n\n"
            f"See merge request {project.full_path}!{change.iid}"
        )
        paths = change.paths
        landed = commit(world, project, by, at, message, [head, landed], paths=paths).sha
        change.merge_commit_sha = landed
    land(project, target, landed, at)
    _end(world, change, by, at)
    return landed


def merge_by_train(world: World, change: MergeRequest, by: User, at: datetime) -> str:
    """Merges through a merge train: a pipeline of the result to be runs first."""
    begun_at = at - timedelta(minutes=10)
    note(world, change, by, begun_at, "started a merge train", "merge")
    project = change.project
    parents = [project.branches[change.target_branch], change.head_sha]
    result = commit(world, project, by, begun_at, "Merge for the train", parents)
    train = run(
        world,
        project,
        begun_at,
        sha=result.sha,
        ref=f"refs/merge-requests/{change.iid}/train",
        source="merge_request_event",
        user=by,
        seconds=500,
    )
    train.event_type = "MERGE_TRAIN"
    change.pipelines.append(train)
    return merge(world, change, by, at)


def _squash(world: World, change: MergeRequest, at: datetime) -> str:
    project = change.project
    target = project.branches[change.target_branch]
    base = project.commits[change.commits[0]].parents[0]
    parent = target if project.merge_method == "ff" else base
    message, paths = f"{change.title}\n\n{change.description}".strip(), change.paths
    made = commit(world, project, change.author, at, message, [parent], paths=paths)
    change.squash_commit_sha = made.sha
    return made.sha


def _end(world: World, change: MergeRequest, by: User, at: datetime) -> None:
    change.state, change.merged_at, change.merge_user = "merged", at, by
    change.updated_at = max(change.updated_at, at)
    change.project.branches.pop(change.source_branch, None)
    for iid in change.closes:
        issue = change.project.issues.get(iid)
        if issue is not None and issue.state == "opened":
            close(world, issue, by, at)
