"""The ways into GitHub that a source is configured with: tokens, or an app."""

from __future__ import annotations

from collections.abc import Sequence

from github.Auth import Auth, Token
from requests import PreparedRequest

from connectors.credential import Credential
from connectors.github.api.app import HostClock, InstallationAuth, app_auth
from connectors.github.api.client import GitHubClient
from connectors.github.settings import Settings
from connectors.http.budget import RateBudget
from connectors.http.retry import RetryRule, Timing
from connectors.http.session import Http
from connectors.interface import Context

QUESTION_BUCKET = "graphql"
"""The limit under which questions to the GraphQL API fall."""

_APP_BUCKET = "app"
"""What an app asks as itself has a limit of its own."""

_PATIENCE_SECONDS = 600.0
"""A limit of an hour is not waited for: what is older is read by a later sync."""

_ACCEPT = {"Accept": "application/vnd.github+json"}


def clients_of(settings: Settings, context: Context, organisation: str) -> Sequence[GitHubClient]:
    """One client a token, or one for the app; one without a token if none is named.

    Raises:
        CredentialError: if a token or key is not where it is named to be.
    """
    if settings.app is not None:
        return [_app(settings, context, organisation)]
    if not settings.tokens:
        return [_client("nobody", None, settings, context)]
    return [
        _client(name, Token(Credential(name, context.folder).reveal()), settings, context)
        for name in settings.tokens
    ]


def _app(settings: Settings, context: Context, organisation: str) -> GitHubClient:
    """The app's installation; the app itself asks through the same session, for its tokens."""
    app = settings.app
    assert app is not None  # noqa: S101 - the caller looked
    name, clock, http = app.private_key, HostClock(context.clock), _http(settings, context)
    key = Credential(name, context.folder).reveal_text()
    itself = GitHubClient(name, app_auth(app.id, key, name, clock), http, context.clock)
    auth = InstallationAuth(itself, organisation, app.installation, clock)
    return GitHubClient(name, auth, http, context.clock)


def _client(name: str, auth: Auth | None, settings: Settings, context: Context) -> GitHubClient:
    return GitHubClient(name, auth, _http(settings, context), context.clock)


def _http(settings: Settings, context: Context) -> Http:
    return Http(
        settings.url,
        Timing(context.clock, context.sleep),
        headers=_ACCEPT,
        budget=RateBudget(bucket_of=_bucket),
        rule=RetryRule(patience_seconds=_PATIENCE_SECONDS),
    )


def _bucket(request: PreparedRequest) -> str:
    """Questions to the GraphQL API have a limit of their own, in points."""
    path = (request.url or "").partition("?")[0]
    if path.endswith("/graphql"):
        return QUESTION_BUCKET
    return _APP_BUCKET if path.endswith(("/installation", "/access_tokens")) else ""
