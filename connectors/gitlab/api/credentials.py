"""The tokens that a source is configured with."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.credential import Credential
from connectors.gitlab.api.client import GitLabClient
from connectors.gitlab.settings import Settings
from connectors.http.retry import RetryRule, Timing
from connectors.http.session import Http
from connectors.interface import Context

_PATIENCE_SECONDS = 120.0
"""A limit of a minute is waited for, one of an hour is not: what is older is read later."""


def clients_of(settings: Settings, context: Context) -> Sequence[GitLabClient]:
    """One client a token; one without a token if none is named.

    Raises:
        CredentialError: if a token is not where it is named to be.
    """
    if not settings.tokens:
        return [_client("nobody", None, settings, context)]
    return [
        _client(name, Credential(name, context.folder).reveal(), settings, context)
        for name in settings.tokens
    ]


def _client(name: str, token: str | None, settings: Settings, context: Context) -> GitLabClient:
    http = Http(
        settings.url,
        Timing(context.clock, context.sleep),
        rule=RetryRule(patience_seconds=_PATIENCE_SECONDS),
    )
    return GitLabClient(name, token, settings.token_kind, http)
