"""Repositories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.doubles.github.shapes.people import permissions, user
from tests.doubles.github.view import View
from tests.doubles.github.world import Repository

Item = dict[str, Any]

_OF_REPOSITORY = {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "contributors": "contributors",
    "deployments": "deployments",
    "downloads": "downloads",
    "events": "events",
    "forks": "forks",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "hooks": "hooks",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "languages": "languages",
    "merges": "merges",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "stargazers": "stargazers",
    "statuses": "statuses/{sha}",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "tags": "tags",
    "teams": "teams",
    "trees": "git/trees{/sha}",
}


def repository(view: View, repository: Repository) -> Item:
    """A repository as lists show it."""
    key = ("repository", repository.id)
    if key not in view.memory:
        view.memory[key] = _minimal(view, repository) | _dates(view, repository)
    return view.memory[key]  # type: ignore[no-any-return]


def referred(view: View, repository: Repository) -> Item:
    """A repository as other things refer to it."""
    key = ("referred", repository.id)
    if key not in view.memory:
        view.memory[key] = _minimal(view, repository)
    return view.memory[key]  # type: ignore[no-any-return]


def _minimal(view: View, repository: Repository) -> Item:
    url = f"{view.api}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.is_private,
        "owner": user(view, repository.owner),
        "html_url": f"{view.host}/{repository.full_name}",
        "description": None,
        "fork": repository.is_fork,
        "url": url,
        **{f"{name}_url": f"{url}/{path}" for name, path in _addresses(view)},
    }


def _addresses(view: View) -> Iterable[tuple[str, str]]:
    return () if view.double.is_terse else _OF_REPOSITORY.items()


def _dates(view: View, repository: Repository) -> Item:
    html = f"{view.host}/{repository.full_name}"
    return {
        "created_at": view.moment(repository.created_at),
        "updated_at": view.moment(repository.updated_at),
        "pushed_at": view.moment(repository.pushed_at),
        "git_url": f"git:{html.partition(':')[2]}.git",
        "ssh_url": f"git@host.example:{repository.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": None,
        "size": 108,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": "Python",
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "archived": repository.is_archived,
        "disabled": False,
        "open_issues_count": sum(i.state == "OPEN" for i in repository.issues.values()),
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if repository.is_private else "public",
        "forks": 0,
        "open_issues": sum(i.state == "OPEN" for i in repository.issues.values()),
        "watchers": 0,
        "default_branch": repository.default_branch,
        "permissions": permissions("admin" if view.token.has("administration:read") else "read"),
    }


def full_repository(view: View, shown: Repository) -> Item:
    """A repository asked for by itself."""
    return {
        **repository(view, shown),
        "network_count": 0,
        "subscribers_count": 0,
        "organization": user(view, shown.owner) if shown.owner.kind == "Organization" else None,
        "security_and_analysis": {
            "secret_scanning": _switch(shown.secret_alerts),
            "secret_scanning_push_protection": _switch(shown.secret_alerts),
            "dependabot_security_updates": _switch(shown.dependency_alerts),
        },
    }


def _switch(alerts: list[Any] | None) -> dict[str, str]:
    return {"status": "disabled" if alerts is None else "enabled"}
