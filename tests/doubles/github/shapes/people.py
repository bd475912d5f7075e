"""Accounts, organisations and teams, and what a role may do."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.doubles.github.view import View
from tests.doubles.github.world import Account, Organisation, Team

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
        for name in (() if view.double.is_terse else _OF_USER)
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
