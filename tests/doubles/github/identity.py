"""Whose question it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt

from tests.connectors.loopback import Asked
from tests.doubles.github.tokens import GitHubToken, TokenKind
from tests.doubles.host import Problem

PUBLIC = {
    f"{name}:read"
    for name in (
        "actions",
        "checks",
        "contents",
        "deployments",
        "issues",
        "pull_requests",
        "statuses",
    )
}
"""What anybody may read of a public repository."""

if TYPE_CHECKING:
    from tests.doubles.github.double import GitHubDouble


def identify(double: GitHubDouble, asked: Asked) -> GitHubToken:
    """Finds the token of a question.

    Raises:
        Problem: 401 if there is none, it is wrong, revoked or expired.
    """
    kind, _, text = asked.headers.get("authorization", "").partition(" ")
    if not kind:
        return _nobody(double, asked)
    if kind.lower() not in ("token", "bearer") or not text:
        raise Problem(401, "")
    known = double.tokens.get(text)
    if known is None:
        return _application(double, text)
    assert isinstance(known, GitHubToken)
    is_over = known.expires_at is not None and known.expires_at <= double.now
    if known.is_revoked or is_over:
        raise Problem(401, "")
    return known


def _nobody(double: GitHubDouble, asked: Asked) -> GitHubToken:
    """Who has no token reads what is public, but not by GraphQL."""
    if not double.is_open or asked.path.endswith("/graphql"):
        raise Problem(401, "Requires authentication")
    return GitHubToken("", "", set(PUBLIC))


def _application(double: GitHubDouble, text: str) -> GitHubToken:
    """Believes a JWT that an application's key has signed, for ten minutes at most."""
    try:
        issuer = jwt.decode(text, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError:
        raise Problem(401, "") from None
    app = next((known for known in double.world.apps if str(known.id) == str(issuer)), None)
    if app is None:
        raise Problem(401, "A JSON web token could not be decoded")
    try:
        # The clock is the double's own, so the times are judged below.
        claims = jwt.decode(
            text,
            app.public_key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat"]},
        )
    except jwt.InvalidTokenError:
        raise Problem(401, "A JSON web token could not be decoded") from None
    now = double.now.timestamp()
    if not now < claims["exp"] <= now + 660:
        raise Problem(401, "'Expiration time' claim ('exp') is too far in the future")
    if claims["iat"] > now:
        raise Problem(401, "'Issued at' claim ('iat') must be an Integer representing the past")
    token = GitHubToken(f"jwt of {app.id}", app.slug, set())
    token.kind, token.app_id = TokenKind.JWT, app.id
    return token
