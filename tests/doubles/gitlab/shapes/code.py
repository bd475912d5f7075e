"""How GitLab shows commits, tags, releases and files."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.doubles.gitlab.shapes.people import account
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Commit, Project, Release, Tag


def commit(view: View, project: Project, commit: Commit) -> dict[str, Any]:
    """Shows a commit; its author is a name and an address, no account."""
    name = commit.author.username if commit.author else "stranger"
    return {
        "id": commit.sha,
        "short_id": commit.sha[:8],
        "created_at": view.moment(commit.committed_at),
        "parent_ids": list(commit.parents),
        "title": commit.title,
        "message": commit.message,
        "author_name": f"Account {name}",
        "author_email": f"{name}@example.com",
        "authored_date": view.moment(commit.authored_at),
        "committer_name": f"Account {name}",
        "committer_email": f"{name}@example.com",
        "committed_date": view.moment(commit.committed_at),
        "trailers": {},
        "extended_trailers": {},
        "web_url": f"{view.host}/{project.full_path}/-/commit/{commit.sha}",
    }


def diff(path: str) -> dict[str, Any]:
    """Shows what became of a file."""
    return {
        "diff": "@@ -1 +1 @@\n-the old line\n+the new line\n",
        "new_path": path,
        "old_path": path,
        "a_mode": "100644",
        "b_mode": "100644",
        "new_file": False,
        "renamed_file": False,
        "deleted_file": False,
        "generated_file": False,
    }


def tag(view: View, project: Project, tag: Tag) -> dict[str, Any]:
    """Shows a tag; only an annotated one has a time of its own."""
    released = next((r for r in project.releases if r.tag_name == tag.name), None)
    return {
        "name": tag.name,
        "message": tag.message,
        "target": tag.sha,
        "commit": commit(view, project, project.commits[tag.sha]),
        "release": {"tag_name": tag.name, "description": released.description}
        if released
        else None,
        "protected": False,
        "created_at": view.moment(tag.created_at) if tag.message else None,
    }


def release(view: View, project: Project, release: Release) -> dict[str, Any]:
    """Shows a release."""
    sha = project.tags[release.tag_name].sha
    return {
        "name": release.name,
        "tag_name": release.tag_name,
        "description": release.description,
        "created_at": view.moment(release.created_at),
        "released_at": view.moment(release.released_at),
        "upcoming_release": release.released_at > view.double.now,
        "author": account(view, release.author) if release.author else None,
        "commit": commit(view, project, project.commits[sha]),
        "commit_path": f"/{project.full_path}/-/commit/{sha}",
        "tag_path": f"/{project.full_path}/-/tags/{release.tag_name}",
    }


def branch(view: View, project: Project, name: str) -> dict[str, Any]:
    """Shows a branch."""
    protected = [*project.protected_branches]
    for group in project.group.lineage:
        protected += group.protected_branches
    sha = project.branches[name]
    return {
        "name": name,
        "commit": commit(view, project, project.commits[sha]),
        "merged": False,
        "protected": any(rule.name == name for rule in protected),
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": False,
        "default": name == project.default_branch,
        "web_url": f"{view.host}/{project.full_path}/-/tree/{name}",
    }


def entry(path: str, kind: str) -> dict[str, Any]:
    """Shows a file or folder of a tree."""
    return {
        "id": hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest(),
        "name": path.rsplit("/", 1)[-1],
        "type": kind,
        "path": path,
        "mode": "040000" if kind == "tree" else "100644",
    }
