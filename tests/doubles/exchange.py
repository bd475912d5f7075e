"""What routes and hosts hand to each other: answers, refusals, credentials and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = Any


class Problem(Exception):
    """What a route raises to refuse; the host says it in its own words."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Given:
    """What a route gives: a JSON value, and what it costs."""

    value: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    points: int = 1


@dataclass
class Token:
    """A credential and what it may do."""

    text: str
    login: str
    rights: set[str] = field(default_factory=lambda: {"*"})
    """Names of rights in the host's words; `*` is all."""
    expires_at: datetime | None = None
    is_revoked: bool = False

    def has(self, right: str) -> bool:
        """Tells whether it may do something."""
        return "*" in self.rights or right in self.rights


@dataclass
class Allowance:
    """So many points in a window of time; full again when the window is over."""

    limit: int
    window_seconds: int
    reset_at: datetime
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def renew(self, now: datetime) -> None:
        """Begins a new window when the old one is over."""
        if now >= self.reset_at:
            self.used = 0
            self.reset_at = now + timedelta(seconds=self.window_seconds)
