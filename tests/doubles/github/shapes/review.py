"""Pull requests and issues."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.shapes.people import rest_login, user
from tests.doubles.github.shapes.places import full_repository, referred
from tests.doubles.github.view import View
from tests.doubles.github.world import Account, Issue, Pull

Item = dict[str, Any]


def label(view: View, place: str, name: str) -> Item:
    """A label."""
    number = sum(name.encode())
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": f"{view.api}/repos/{place}/labels/{name.replace(' ', '%20')}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": "",
    }


def issue(view: View, shown: Issue) -> Item:
    """An issue, or a pull request as lists of issues show it."""
    place = shown.repository.full_name
    url = f"{view.api}/repos/{place}/issues/{shown.number}"
    told: Item = {
        **_shared(view, shown),
        "url": url,
        "repository_url": f"{view.api}/repos/{place}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"{view.host}/{place}/issues/{shown.number}",
        "comments": 0,
        "state_reason": shown.state_reason and shown.state_reason.lower(),
        "author_association": "MEMBER",
        "timeline_url": f"{url}/timeline",
    }
    if isinstance(shown, Pull):
        html = f"{view.host}/{place}/pull/{shown.number}"
        told |= {
            "node_id": f"PR_{shown.id}",
            "html_url": html,
            "draft": shown.is_draft,
            "pull_request": {
                "url": f"{view.api}/repos/{place}/pulls/{shown.number}",
                "html_url": html,
                "diff_url": f"{html}.diff",
                "patch_url": f"{html}.patch",
                "merged_at": view.moment(shown.merged_at),
            },
        }
    return told


def pull(view: View, shown: Pull) -> Item:
    """A pull request as lists show it."""
    place = shown.repository.full_name
    repository = f"{view.api}/repos/{place}"
    url = f"{repository}/pulls/{shown.number}"
    issue_url = f"{repository}/issues/{shown.number}"
    html = f"{view.host}/{place}/pull/{shown.number}"
    addresses = {
        "html": html,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{repository}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{repository}/statuses/{shown.head_sha}",
    }
    return {
        **_shared(view, shown),
        "url": url,
        "node_id": f"PR_{shown.id}",
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        **{f"{name}_url": address for name, address in addresses.items()},
        "merged_at": view.moment(shown.merged_at),
        "merge_commit_sha": shown.merge_sha,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "draft": shown.is_draft,
        "head": _end(view, shown, shown.head, shown.head_sha, shown.author),
        "base": _end(view, shown, shown.base, _base_sha(shown), shown.repository.owner),
        "_links": {
            "self": {"href": url},
            **{name: {"href": address} for name, address in addresses.items()},
        },
        "author_association": "MEMBER",
        "auto_merge": None,
    }


def _shared(view: View, shown: Issue) -> Item:
    return {
        "id": shown.id,
        "node_id": f"I_{shown.id}",
        "number": shown.number,
        "title": shown.title,
        "user": user(view, shown.author),
        "labels": [label(view, shown.repository.full_name, name) for name in shown.labels],
        "state": "open" if shown.state == "OPEN" else "closed",
        "locked": False,
        "assignee": None,
        "milestone": None,
        "created_at": view.moment(shown.created_at),
        "updated_at": view.moment(shown.updated_at),
        "closed_at": view.moment(shown.closed_at),
        "active_lock_reason": None,
        "body": shown.body or None,
    }


def _end(view: View, shown: Pull, branch: str, sha: str, owner: Account | None) -> Item:
    login = rest_login(owner) if owner else "unknown"
    return {
        "label": f"{login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": user(view, owner),
        "repo": full(view, shown),
    }


def full(view: View, shown: Pull) -> Item:
    """The repository in the ends of a pull request: all of it, once rendered."""
    key = ("full", shown.repository.id)
    if key not in view.memory:
        view.memory[key] = {
            **full_repository(view, shown.repository),
            **referred(view, shown.repository),
        }
    return view.memory[key]  # type: ignore[no-any-return]


def _base_sha(shown: Pull) -> str:
    repository = shown.repository
    first = repository.commits[shown.commits[0]] if shown.commits else None
    return first.parents[0] if first and first.parents else repository.head or ""
