"""Commits, and pushes past merge requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.doubles.gitlab.world import Commit, Project, Release, Tag, User, World


def commit(
    world: World,
    project: Project,
    author: User | None,
    at: datetime,
    message: str = "Work on it",
    parents: Sequence[str] = (),
    *,
    paths: Sequence[str] = (),
    authored_at: datetime | None = None,
    is_signed: bool = False,
) -> Commit:
    """Makes a commit that no branch leads to yet."""
    sha = world.new_sha()
    made = Commit(
        sha,
        tuple(parents),
        message,
        author,
        authored_at or at,
        at,
        tuple(paths),
        is_signed,
        world.commit_count,
    )
    project.commits[sha] = made
    return made


def push(
    world: World,
    project: Project,
    author: User | None,
    at: datetime,
    message: str = "Change it directly",
    *,
    branch: str | None = None,
    paths: Sequence[str] = ("src/app.py",),
    is_signed: bool = False,
) -> Commit:
    """Pushes a commit to a branch, the default branch unless another is named."""
    branch = branch or project.default_branch
    base = project.branches.get(branch) or project.branches.get(project.default_branch)
    parents = [base] if base else []
    made = commit(world, project, author, at, message, parents, paths=paths, is_signed=is_signed)
    land(project, branch, made.sha, at)
    return made


def land(project: Project, branch: str, sha: str, at: datetime) -> None:
    """Lets a branch lead to a commit."""
    project.branches[branch] = sha
    project.updated_at = max(project.updated_at, at)


def tag(
    project: Project,
    name: str,
    at: datetime | None = None,
    *,
    sha: str | None = None,
    message: str = "",
) -> Tag:
    """Gives a name to a commit, the newest of the default branch unless another is named."""
    project.tags[name] = Tag(name, sha or project.branches[project.default_branch], at, message)
    return project.tags[name]


def publish(
    project: Project,
    name: str,
    author: User | None,
    at: datetime,
    *,
    released_at: datetime | None = None,
) -> Release:
    """Announces a tag, made for it if it is not there."""
    if name not in project.tags:
        tag(project, name, at)
    project.releases.append(Release(name, f"Release {name}", author, at, released_at or at))
    return project.releases[-1]
