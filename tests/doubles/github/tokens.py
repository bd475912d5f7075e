"""Credentials as GitHub knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tests.doubles.host import Token

SCOPES: dict[str, set[str]] = {
    "repo": {
        f"{name}:{verb}"
        for name in (
            "actions",
            "administration",
            "checks",
            "contents",
            "deployments",
            "environments",
            "issues",
            "metadata",
            "pull_requests",
            "repository_hooks",
            "secret_scanning_alerts",
            "security_events",
            "statuses",
            "vulnerability_alerts",
        )
        for verb in ("read", "write")
    },
    "public_repo": {"contents:read"},
    "read:org": {"members:read"},
    "admin:org": {"members:read", "organization_administration:read"},
    "security_events": {"security_events:read"},
    "read:audit_log": {"audit_log:read"},
}
"""Scope of a classic token to the rights it gives here."""


class TokenKind(StrEnum):
    """How a token came to be."""

    CLASSIC = "classic"
    FINE_GRAINED = "fine-grained"
    INSTALLATION = "installation"
    JWT = "jwt"


@dataclass
class GitHubToken(Token):
    """A token; its rights are named like `pull_requests:read`."""

    kind: TokenKind = TokenKind.FINE_GRAINED
    scopes: tuple[str, ...] = ()
    """Of a classic token."""
    repository_ids: set[int] | None = None
    """Repositories it was made for; null is all."""
    sso_pending: set[str] = field(default_factory=set)
    """Organisations whose single sign-on it was not authorised for."""
    app_id: int | None = None
    installation_of: str | None = None
    """Organisation that an installation's token is for."""

    @property
    def kind_in_words(self) -> str:
        if self.kind is TokenKind.INSTALLATION:
            return "integration"
        return "personal access token"

    def has(self, right: str) -> bool:
        """Tells whether it may do something; who may write may read."""
        name, _, verb = right.partition(":")
        return super().has(right) or (verb == "read" and f"{name}:write" in self.rights)


def classic_rights(scopes: tuple[str, ...]) -> set[str]:
    """Adds up what the scopes of a classic token give."""
    return {right for scope in scopes for right in SCOPES.get(scope, {scope})}
