"""Accounts, organisations and repositories."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.doubles.github.view import View
from tests.doubles.github.world import Account, Organisation, Repository, Team

Item = dict[str, Any]

_OF_USER = (
    "followers",
    "following{/other_user}",
    "gists{/gist_id}",
    "starred{/owner}{/repo}",
    "subscriptions",
    "orgs",
    "repos",
    "events{/privacy}",
    "received_events",
)
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
_ADDRESS_OF = {"orgs": "organizations_url"}


def rest_login(account: Account) -> str:
    """The login as REST writes it: a bot's ends in `[bot]`."""
    return f"{account.login}[bot]" if account.kind == "Bot" else account.login


def user(view: View, account: Account | None) -> Item | None:
    """An account; null if it was deleted."""
    if account is None or account.is_deleted:
        return None
    key = ("user", account.id)
    if key not in view.memory:
        view.memory[key] = _user(view, account)
    return view.memory[key]  # type: ignore[no-any-return]


def _user(view: View, account: Account) -> Item:
    login = rest_login(account)
    url = f"{view.api}/users/{quote(login)}"
    addresses = {
        _ADDRESS_OF.get(name.split("{")[0], f"{name.split('{')[0]}_url"): f"{url}/{name}"
        for name in _OF_USER
    }
    return {
        "login": login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"{view.host}/avatars/u/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{view.host}/{account.login}",
        **addresses,
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
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
        **{f"{name}_url": f"{url}/{path}" for name, path in _OF_REPOSITORY.items()},
    }


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


def permissions(role: str) -> dict[str, bool]:
    """What a role may do."""
    roles = ("read", "triage", "write", "maintain", "admin")
    rank = roles.index(role)
    names = ("pull", "triage", "push", "maintain", "admin")
    return {name: place <= rank for place, name in enumerate(names)}


def organisation(view: View, shown: Organisation) -> Item:
    """An organisation asked for by itself; to its owners with its rules."""
    account = shown.account
    url = f"{view.api}/orgs/{account.login}"
    names = ("repos", "events", "hooks", "issues")
    told = {
        "login": account.login,
        "id": account.id,
        "node_id": f"O_{account.id}",
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in names},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{view.host}/avatars/u/{account.id}",
        "description": None,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{view.host}/{account.login}",
        "type": "Organization",
        "created_at": view.moment(account.created_at),
        "updated_at": view.moment(account.created_at),
        "archived_at": None,
    }
    if not (view.owns(shown) and view.token.has("organization_administration:read")):
        return told
    return {
        **told,
        "two_factor_requirement_enabled": shown.is_two_factor_required,
        "default_repository_permission": "read",
        "plan": {"name": shown.plan.value, "space": 1, "private_repos": 999, "seats": 5},
    }


def team(view: View, shown: Team) -> Item:
    """A team."""
    parent = team(view, shown.parent) if shown.parent else None
    if parent:
        del parent["parent"], parent["permissions"]
    url = f"{view.api}/teams/{shown.id}"
    return {
        "id": shown.id,
        "node_id": f"T_{shown.id}",
        "name": shown.name,
        "slug": shown.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "permissions": permissions("read"),
        "url": url,
        "html_url": f"{view.host}/teams/{shown.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "parent": parent,
    }


def _switch(alerts: list[Any] | None) -> dict[str, str]:
    return {"status": "disabled" if alerts is None else "enabled"}
