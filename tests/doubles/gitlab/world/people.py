"""Who is there: accounts, memberships and what acts in their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """How much a member may do."""

    GUEST = 10
    REPORTER = 20
    DEVELOPER = 30
    MAINTAINER = 40
    OWNER = 50


@dataclass(eq=False)
class User:
    """A person, or a machine with an account."""

    id: int
    username: str
    created_at: datetime
    is_bot: bool = False
    """Whether it belongs to an access token or to GitLab itself."""
    is_deleted: bool = False
    """What it did is told of the account `ghost` from then on."""
    state: str = "active"
    """`active`, `blocked` or `deactivated`."""


@dataclass(eq=False)
class Membership:
    """The level of an account in a group or project."""

    user: User
    level: Level
    created_at: datetime
    created_by: User | None = None
    expires_at: datetime | None = None


@dataclass(eq=False)
class AccessToken:
    """A token of a group or project; `user` is the bot that it makes."""

    id: int
    name: str
    user: User
    level: Level
    created_at: datetime
    scopes: list[str] = field(default_factory=lambda: ["read_api"])
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    is_revoked: bool = False


@dataclass(eq=False)
class DeployKey:
    """A key that reads, or writes, a project."""

    id: int
    title: str
    created_at: datetime
    can_push: bool = False
    expires_at: datetime | None = None


@dataclass(eq=False)
class DeployToken:
    """A token for packages and code."""

    id: int
    name: str
    username: str
    scopes: list[str] = field(default_factory=lambda: ["read_repository"])
    expires_at: datetime | None = None
    is_revoked: bool = False


@dataclass(eq=False)
class AuditEvent:
    """Something GitLab recorded about a group or project."""

    id: int
    event_name: str
    author: User
    created_at: datetime
    details: dict[str, Any] = field(default_factory=dict)
