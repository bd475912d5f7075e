"""Commits, what was checked on them, tags, releases and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.doubles.github.shapes.people import user
from tests.doubles.github.shapes.places import repository
from tests.doubles.github.view import View
from tests.doubles.github.world import Account, Check, Commit, Release, Repository, Status, Tag

Item = dict[str, Any]


def commit(view: View, made: Commit) -> Item:
    """A commit as lists show it."""
    url = f"{view.api}/repos/{made.repository.full_name}"
    html = f"{view.host}/{made.repository.full_name}/commit"
    return {
        "sha": made.sha,
        "node_id": f"C_{made.sha}",
        "commit": _git_commit(view, made),
        "url": f"{url}/commits/{made.sha}",
        "html_url": f"{html}/{made.sha}",
        "comments_url": f"{url}/commits/{made.sha}/comments",
        "author": user(view, made.author),
        "committer": user(view, made.author),
        "parents": [
            {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{html}/{sha}"}
            for sha in made.parents
        ],
    }


def whole_commit(view: View, made: Commit, files: Sequence[str]) -> Item:
    """A commit as it is shown alone: with some of the files it changed, a line each."""
    count = len(made.files)
    stats = {"additions": count, "deletions": count, "total": 2 * count}
    return {**commit(view, made), "stats": stats, "files": [_file(view, made, f) for f in files]}


def _file(view: View, made: Commit, path: str) -> Item:
    url = f"{view.host}/{made.repository.full_name}"
    contents = f"{view.api}/repos/{made.repository.full_name}/contents/{path}"
    return {
        "sha": made.sha,
        "filename": path,
        "status": "modified",
        "additions": 1,
        "deletions": 1,
        "changes": 2,
        "blob_url": f"{url}/blob/{made.sha}/{path}",
        "raw_url": f"{url}/raw/{made.sha}/{path}",
        "contents_url": f"{contents}?ref={made.sha}",
        "patch": "@@ -1 +1 @@\n-the old line\n+the new line",
    }


def _git_commit(view: View, made: Commit) -> Item:
    url = f"{view.api}/repos/{made.repository.full_name}/git"
    return {
        "author": git_user(view, made.author, view.moment(made.authored_at)),
        "committer": git_user(view, made.author, view.moment(made.committed_at)),
        "message": made.message,
        "tree": {"sha": made.sha, "url": f"{url}/trees/{made.sha}"},
        "url": f"{url}/commits/{made.sha}",
        "comment_count": 0,
        "verification": {
            "verified": made.signature == "VALID",
            "reason": (made.signature or "UNSIGNED").lower(),
            "signature": "signed" if made.signature else None,
            "payload": "payload" if made.signature else None,
            "verified_at": None,
        },
    }


def git_user(view: View, account: Account | None, at: str | None) -> Item:
    """A name and an address as Git has them, which say nothing about an account."""
    login = account.login if account else "nobody"
    return {"name": login, "email": f"{login}@example.com", "date": at}


def check(view: View, one: Check) -> Item:
    """A run of a check."""
    place = one.repository.full_name
    url = f"{view.api}/repos/{place}"
    return {
        "id": one.id,
        "name": one.name,
        "node_id": f"CR_{one.id}",
        "head_sha": one.sha,
        "external_id": "",
        "url": f"{url}/check-runs/{one.id}",
        "html_url": f"{view.host}/{place}/runs/{one.id}",
        "details_url": f"{view.host}/{place}/runs/{one.id}",
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": view.moment(one.started_at),
        "completed_at": view.moment(one.completed_at),
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{url}/check-runs/{one.id}/annotations",
        },
        "check_suite": {"id": one.suite_id},
        "app": _application(view, one.app),
        "pull_requests": [],
    }


def _application(view: View, slug: str) -> Item:
    made_at = view.moment(view.world.account("host").created_at)
    return {
        "id": 15368,
        "slug": slug,
        "node_id": "A_15368",
        "owner": user(view, view.world.account("host")),
        "name": slug,
        "description": None,
        "external_url": view.host,
        "html_url": f"{view.host}/apps/{slug}",
        "created_at": made_at,
        "updated_at": made_at,
        "permissions": {},
        "events": [],
    }


def status(view: View, one: Status) -> Item:
    """A status that was set."""
    return {
        "id": one.id,
        "node_id": f"SC_{one.id}",
        "url": f"{view.api}/statuses/{one.sha}",
        "avatar_url": None,
        "state": one.state,
        "description": None,
        "target_url": one.target_url,
        "context": one.context,
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.created_at),
    }


def tag(view: View, shown: tuple[Repository, Tag]) -> Item:
    """A tag as lists show it: without any time."""
    place, one = shown
    url = f"{view.api}/repos/{place.full_name}"
    return {
        "name": one.name,
        "commit": {"sha": one.commit, "url": f"{url}/commits/{one.commit}"},
        "zipball_url": f"{url}/zipball/refs/tags/{one.name}",
        "tarball_url": f"{url}/tarball/refs/tags/{one.name}",
        "node_id": f"REF_{one.name}",
    }


def ref(view: View, place: Repository, name: str, kind: str, sha: str) -> Item:
    """A branch or a tag, and what it names."""
    git = f"{view.api}/repos/{place.full_name}/git"
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": f"{git}/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{git}/{kind}s/{sha}"},
    }


def release(view: View, one: Release) -> Item:
    """A release."""
    place = one.repository.full_name
    url = f"{view.api}/repos/{place}/releases/{one.id}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": f"{view.host}/{place}/releases/tag/{one.tag}",
        "id": one.id,
        "node_id": f"RE_{one.id}",
        "author": user(view, one.author) or user(view, view.world.account("ghost")),
        "tag_name": one.tag,
        "target_commitish": one.repository.default_branch,
        "name": one.name,
        "draft": one.is_draft,
        "immutable": one.is_immutable,
        "prerelease": one.is_prerelease,
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.updated_at),
        "published_at": view.moment(one.published_at),
        "assets": [],
        "tarball_url": f"{view.api}/repos/{place}/tarball/{one.tag}",
        "zipball_url": f"{view.api}/repos/{place}/zipball/{one.tag}",
        "body": None,
    }


def combined_status(view: View, place: Repository, sha: str, shown: list[Status]) -> Item:
    """The latest status of each context, and what they sum up to."""
    url = f"{view.api}/repos/{place.full_name}/commits/{sha}"
    states = {one.state for one in shown}
    failed = states & {"failure", "error"}
    summed = "failure" if failed else "success" if states == {"success"} else "pending"
    return {
        "state": summed,
        "statuses": [status(view, one) for one in shown],
        "sha": sha,
        "total_count": len(shown),
        "repository": repository(view, place),
        "commit_url": url,
        "url": f"{url}/status",
    }
