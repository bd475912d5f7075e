"""Who has access: collaborators, keys, hooks, applications; and what was recorded of it."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.shapes.people import permissions, rest_login, user
from tests.doubles.github.view import View
from tests.doubles.github.world import (
    App,
    AuditEvent,
    Collaborator,
    DeployKey,
    Hook,
    Installation,
    Repository,
)

Item = dict[str, Any]


def collaborator(view: View, shown: Collaborator) -> Item:
    """An account and its role in a repository."""
    return {
        **(user(view, shown.account) or {}),
        "permissions": permissions(shown.role),
        "role_name": shown.role,
    }


def deploy_key(view: View, shown: tuple[Repository, DeployKey]) -> Item:
    """A key that opens one repository."""
    place, one = shown
    return {
        "id": one.id,
        "key": "ssh-ed25519 AAAA",
        "url": f"{view.api}/repos/{place.full_name}/keys/{one.id}",
        "title": one.title,
        "verified": True,
        "created_at": view.moment(one.created_at),
        "read_only": one.is_read_only,
        "added_by": one.added_by,
        "last_used": view.moment(one.last_used_at),
        "enabled": True,
    }


def hook(view: View, shown: tuple[Repository, Hook]) -> Item:
    """A webhook; its secret is never told."""
    place, one = shown
    url = f"{view.api}/repos/{place.full_name}/hooks/{one.id}"
    config = {
        "url": one.url,
        "content_type": "json",
        "insecure_ssl": "1" if one.is_insecure else "0",
    }
    return {
        "type": "Repository",
        "id": one.id,
        "name": "web",
        "active": True,
        "events": list(one.events),
        "config": config | ({"secret": "********"} if one.has_secret else {}),
        "updated_at": view.moment(one.created_at),
        "created_at": view.moment(one.created_at),
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }


def installation(view: View, one: Installation) -> Item:
    """An application at work in an organisation."""
    account = one.organisation
    is_all = one.repository_ids is None
    return {
        "id": one.id,
        "account": user(view, account),
        "repository_selection": "all" if is_all else "selected",
        "access_tokens_url": f"{view.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{view.api}/installation/repositories",
        "html_url": f"{view.host}/organizations/{account.login}/settings/installations/{one.id}",
        "app_id": one.app.id,
        "app_slug": one.app.slug,
        "target_id": account.id,
        "target_type": account.kind,
        "permissions": one.app.permissions,
        "events": ["push"],
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.created_at),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": view.moment(one.suspended_at),
    }


def app(view: View, one: App) -> Item:
    """An application."""
    made_at = view.moment(one.owner.created_at)
    return {
        "id": one.id,
        "slug": one.slug,
        "node_id": f"A_{one.id}",
        "owner": user(view, one.owner),
        "name": one.slug,
        "description": None,
        "external_url": view.host,
        "html_url": f"{view.host}/apps/{one.slug}",
        "created_at": made_at,
        "updated_at": made_at,
        "permissions": one.permissions,
        "events": [],
    }


def audit_event(view: View, shown: tuple[str, AuditEvent]) -> Item:
    """An entry of the audit log; its times are milliseconds."""
    organisation, one = shown
    at = int(one.at.timestamp() * 1000)
    return {
        "@timestamp": at,
        "_document_id": one.id,
        "action": one.action,
        "actor": rest_login(one.actor) if one.actor else None,
        "created_at": at,
        "org": organisation,
        **one.fields,
    }
