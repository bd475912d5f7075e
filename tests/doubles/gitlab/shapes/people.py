"""How GitLab shows accounts, members and what acts for them."""

from __future__ import annotations

from typing import Any

from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import (
    AccessToken,
    AuditEvent,
    DeployKey,
    DeployToken,
    Membership,
    User,
)


def account(view: View, user: User) -> dict[str, Any]:
    """Shows who wrote something; a deleted account is the ghost. Nothing says who is a bot."""
    shown = view.world.ghost if user.is_deleted else user
    return {
        "id": shown.id,
        "username": shown.username,
        "name": f"Account {shown.username}",
        "state": shown.state,
        "locked": False,
        "avatar_url": None,
        "web_url": f"{view.host}/{shown.username}",
    }


def actor(view: View, user: User | None) -> dict[str, Any] | None:
    """Shows who did something; a deleted account is null."""
    return None if user is None or user.is_deleted else account(view, user)


def member(view: View, membership: Membership) -> dict[str, Any]:
    """Shows a member."""
    return {
        **account(view, membership.user),
        "access_level": int(membership.level),
        "created_at": view.moment(membership.created_at),
        "created_by": actor(view, membership.created_by),
        "expires_at": _day(membership.expires_at),
        "membership_state": "active",
    }


def access_token(view: View, token: AccessToken) -> dict[str, Any]:
    """Shows a token of a group or project; never its text."""
    return {
        "id": token.id,
        "name": token.name,
        "revoked": token.is_revoked,
        "created_at": view.moment(token.created_at),
        "description": None,
        "scopes": token.scopes,
        "user_id": token.user.id,
        "last_used_at": view.moment(token.last_used_at),
        "active": not token.is_revoked,
        "expires_at": _day(token.expires_at),
        "access_level": int(token.level),
    }


def deploy_key(view: View, key: DeployKey) -> dict[str, Any]:
    """Shows a deploy key."""
    return {
        "id": key.id,
        "title": key.title,
        "created_at": view.moment(key.created_at),
        "expires_at": view.moment(key.expires_at),
        "key": f"ssh-ed25519 AAAA{key.id} {key.title}",
        "fingerprint_sha256": f"SHA256:{key.id}",
        "can_push": key.can_push,
    }


def deploy_token(view: View, token: DeployToken) -> dict[str, Any]:
    """Shows a deploy token."""
    return {
        "id": token.id,
        "name": token.name,
        "username": token.username,
        "expires_at": view.moment(token.expires_at),
        "scopes": token.scopes,
        "revoked": token.is_revoked,
        "expired": False,
    }


def audit_event(view: View, event: AuditEvent, entity_id: int, entity_type: str) -> dict[str, Any]:
    """Shows an event of the audit log."""
    return {
        "id": event.id,
        "author_id": event.author.id,
        "entity_id": entity_id,
        "entity_type": entity_type,
        "event_name": event.event_name,
        "details": {"author_name": f"Account {event.author.username}", **event.details},
        "created_at": view.moment(event.created_at),
    }


def _day(at: Any) -> str | None:
    return at.date().isoformat() if at else None
