"""Who signed in: what a provider said of somebody, as far as it counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in."""

    account: str
    """The e-mail address if the provider has verified it, else its id of the person."""
    is_email: bool
    session: str
    """Id of this one sign-in. Nobody can tell from it who that is."""
    issuer: str
    began_at: datetime


def person(claims: Mapping[str, object]) -> Person | None:
    """The person that the claims of an ID token tell of (OpenID Connect Core 1.0, section 2).

    Args:
        claims: as Streamlit keeps them in its signed cookie.

    Returns:
        None if nobody signed in, or the claims lack what tells one sign-in from another.
    """
    issuer, subject = _text(claims, "iss"), _text(claims, "sub")
    nonce, issued_at = _text(claims, "nonce"), claims.get("iat")
    if claims.get("is_logged_in") is not True or not (issuer and subject and nonce):
        return None
    began_at = _moment(issued_at)
    if began_at is None:
        return None
    email = _text(claims, "email") if claims.get("email_verified") is True else ""
    told = "\n".join((issuer, subject, nonce, str(issued_at)))
    session = hashlib.sha256(told.encode()).hexdigest()[:32]
    return Person(email or subject, bool(email), session, issuer, began_at)


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
