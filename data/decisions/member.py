"""One right of one account, as a review of access shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.canonical import sha256
from data.decisions.decision import moment, stamp

_PEOPLE = ("member", "outside", "token")
"""Kinds of rights that people have. Whose a token is nobody tells: each is taken for somebody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who may do what where, when the snapshot was taken. None is unknown."""

    source: str
    account: str
    """Account, team, name of the key or application."""
    scope: str
    """Organisation, team or repository that it holds for."""
    kind: str
    """`member`, `outside`, `team`, `deploy_key`, `application` or `token`."""
    role: str | None
    has_two_factor: bool | None
    last_used_at: datetime | None

    @property
    def id(self) -> str:
        """Of this row, in every snapshot that tells the same; no sheet takes it for a number."""
        return f"m{sha256(self.kept())[:12]}"

    @property
    def person(self) -> tuple[str, str] | None:
        """Whose right it is, of all that the same account has at its source; None: nobody's."""
        return (self.source, self.account.casefold()) if self.kind in _PEOPLE else None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What stays the same while a right is changed: who, and where."""
        return self.source, self.kind, self.account.casefold(), self.scope

    def kept(self) -> dict[str, Any]:
        """As it is written into the log: plain values."""
        return {
            "source": self.source,
            "account": self.account,
            "scope": self.scope,
            "kind": self.kind,
            "role": self.role,
            "has_two_factor": self.has_two_factor,
            "last_used_at": stamp(self.last_used_at) if self.last_used_at else None,
        }


def member_of(value: Mapping[str, Any]) -> Member:
    """Reads it from the log."""
    used = value["last_used_at"]
    return Member(**{**value, "last_used_at": moment(used) if used else None})
