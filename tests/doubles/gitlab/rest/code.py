"""Commits, branches, tags, releases and files."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from tests.doubles.gitlab.rest.routing import of_project
from tests.doubles.gitlab.shapes import changes, code
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Commit, Level, Project
from tests.doubles.host import Given, Problem


@of_project("/repository/commits")
def commits(view: View, project: Project) -> Given:
    """Lists what a branch contains, newest first; nobody counts it."""
    ref = view.param("ref_name") or project.default_branch
    sha = project.resolve(ref)
    if sha is None:
        raise Problem(404, "404 Commit Not Found")
    found = project.history(sha, is_first_parent=view.flag("first_parent"))
    since, until = view.time_param("since"), view.time_param("until")
    if since or until:
        found = [
            commit
            for commit in found
            if (not since or commit.committed_at >= since)
            and (not until or commit.committed_at <= until)
        ]
    render = _of(project, code.commit)
    return view.listed(found, render, is_counted=False)


@of_project("/repository/commits/{sha}")
def commit(view: View, project: Project, sha: str) -> Given:
    """Shows a commit."""
    return Given(code.commit(view, project, _commit(project, sha)))


@of_project("/repository/commits/{sha}/diff")
def diff(view: View, project: Project, sha: str) -> Given:
    """Lists what a commit changed against its first parent."""
    paths = _commit(project, sha).paths
    return view.listed(paths, lambda _view, path: code.diff(path))


@of_project("/repository/commits/{sha}/sequence")
def sequence(view: View, project: Project, sha: str) -> Given:
    """Counts what a commit contains, itself too."""
    found = project.history(sha, is_first_parent=view.flag("first_parent"))
    return Given({"count": len(found)})


@of_project("/repository/commits/{sha}/signature")
def signature(view: View, project: Project, sha: str) -> Given:
    """Shows the signature of a commit; an unsigned one has none."""
    if not _commit(project, sha).is_signed:
        raise Problem(404, "404 Signature Not Found")
    told = {"signature_type": "SSH", "verification_status": "verified", "commit_source": "gitaly"}
    return Given(told)


@of_project("/repository/commits/{sha}/merge_requests")
def changes_of_commit(view: View, project: Project, sha: str) -> Given:
    """Lists the merge requests that brought a commit."""
    found = [
        change
        for change in project.merge_requests.values()
        if sha in (change.merge_commit_sha, change.squash_commit_sha) or sha in change.commits
    ]
    return view.listed(found, changes.merge_request)


@of_project("/repository/branches")
def branches(view: View, project: Project) -> Given:
    """Lists the branches."""
    return view.listed(sorted(project.branches), _of(project, code.branch))


@of_project("/repository/branches/{branch}")
def branch(view: View, project: Project, branch: str) -> Given:
    """Shows a branch."""
    if branch not in project.branches:
        raise Problem(404, "404 Branch Not Found")
    return Given(code.branch(view, project, branch))


@of_project("/repository/tags")
def tags(view: View, project: Project) -> Given:
    """Lists the tags, last updated first."""
    known = list(project.tags.values())
    order = view.param("order_by", "updated")
    keys: dict[str, Any] = {
        "name": lambda tag: tag.name,
        "updated": lambda tag: tag.created_at or project.commits[tag.sha].committed_at,
    }
    is_descending = view.param("sort", "desc") == "desc"
    known.sort(key=keys.get(order, keys["name"]), reverse=is_descending)
    return view.listed(known, _of(project, code.tag))


@of_project("/releases")
def releases(view: View, project: Project) -> Given:
    """Lists the releases, last released first."""
    known = view.sort_by(project.releases, "released_at", ("released_at", "created_at"))
    return view.listed(known, _of(project, code.release))


@of_project("/repository/tree")
def tree(view: View, project: Project) -> Given:
    """Lists files and folders."""
    below = view.param("path").rstrip("/")
    is_deep = view.flag("recursive")
    found: dict[str, str] = {}
    for path in project.files:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            found["/".join(parts[:depth])] = "blob" if depth == len(parts) else "tree"
    inside = [
        (path, kind)
        for path, kind in sorted(found.items())
        if (path.startswith(f"{below}/") or not below)
        and (is_deep or path.rpartition("/")[0] == below)
    ]
    return view.listed(inside, lambda _view, item: code.entry(*item), keyset=lambda item: item[0])


@of_project("/repository/files/{path}")
def file(view: View, project: Project, path: str) -> Given:
    """Shows a file with its text in base64."""
    if path not in project.files:
        raise Problem(404, "404 File Not Found")
    text = project.files[path].encode()
    return Given(
        {
            "file_name": path.rpartition("/")[2],
            "file_path": path,
            "size": len(text),
            "encoding": "base64",
            "content": b64encode(text).decode(),
            "content_sha256": hashlib.sha256(text).hexdigest(),
            "ref": view.param("ref", "HEAD"),
            "blob_id": code.entry(path, "blob")["id"],
            "commit_id": project.branches[project.default_branch],
            "last_commit_id": project.branches[project.default_branch],
            "execute_filemode": False,
        }
    )


@of_project("/ci/lint", Level.DEVELOPER)
def lint(view: View, project: Project) -> Given:
    """Tells what the pipeline's definition includes, as it found it."""
    path = project.ci_config_path or ".gitlab-ci.yml"
    if path not in project.files:
        said = {"valid": False, "errors": ["Please provide content of .gitlab-ci.yml"]}
        return Given({**said, "warnings": [], "merged_yaml": None, "includes": []})
    sha = project.branches[project.default_branch]
    found = [_include(view, project, line, sha) for line in _included(project.files[path])]
    said = {"valid": True, "errors": [], "warnings": [], "merged_yaml": project.files[path]}
    return Given({**said, "includes": found})


def _included(text: str) -> list[tuple[str, str]]:
    kinds = ("local", "project", "remote", "template", "component")
    found = []
    for line in text.splitlines():
        key, _, value = line.strip().removeprefix("- ").partition(":")
        if key in kinds and value:
            found.append((key, value.strip().strip("'\"")))
    return found


def _include(view: View, project: Project, told: tuple[str, str], sha: str) -> dict[str, Any]:
    kind, location = told
    return {
        "type": "file" if kind == "project" else kind,
        "location": location,
        "blob": f"{view.host}/{project.full_path}/-/blob/{sha}/{location}",
        "raw": f"{view.host}/{project.full_path}/-/raw/{sha}/{location}",
        "extra": {"project": location} if kind == "project" else {},
        "context_project": project.full_path,
        "context_sha": sha,
    }


def _commit(project: Project, name: str) -> Commit:
    sha = project.resolve(name)
    if sha is None:
        raise Problem(404, "404 Commit Not Found")
    return project.commits[sha]


def _of(project: Project, render: Any) -> Any:
    return lambda view, item: render(view, project, item)
