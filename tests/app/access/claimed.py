"""What a provider says of somebody, as tests use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from data.configuration import SignInSettings

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SETTINGS = SignInSettings(
    provider="https://login.example/.well-known/openid-configuration",
    client_id="cairn",
    client_secret="env:CLIENT_SECRET",
    cookie_secret="env:COOKIE_SECRET",
    redirect="https://cairn.example/oauth2callback",
    only=("*@harbour.example",),
)


def claims(at: datetime = NOW, **other: Any) -> dict[str, Any]:
    """The claims of somebody who has just signed in; None takes one out."""
    told = {
        "is_logged_in": True,
        "iss": "https://login.example",
        "sub": "1001",
        "nonce": "n-1",
        "iat": int((at - timedelta(minutes=1)).timestamp()),
        "email": "Ada.Alder@harbour.example",
        "email_verified": True,
        **other,
    }
    return {name: value for name, value in told.items() if value is not None}
