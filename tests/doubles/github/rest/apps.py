"""Applications: who they are, where they are at work, and the tokens they get for an hour."""

from __future__ import annotations

from datetime import timedelta

from tests.doubles.github.rest.routing import of_host
from tests.doubles.github.shapes import access, places
from tests.doubles.github.tokens import GitHubToken, TokenKind
from tests.doubles.github.view import View
from tests.doubles.github.world import App, Installation
from tests.doubles.host import Given, Problem


@of_host("/app")
def who_asks(view: View) -> Given:
    """Shows the application whose JWT it is."""
    return Given(access.app(view, _app(view)))


@of_host("/app/installations")
def installations(view: View) -> Given:
    """Lists where the application is at work."""
    return view.listed(_installations(view, _app(view)), access.installation)


@of_host("/orgs/{login}/installation")
@of_host("/users/{login}/installation")
def installation_of(view: View, login: str) -> Given:
    """Shows where the application is at work, by the name of the organisation."""
    for one in _installations(view, _app(view)):
        if one.organisation.login == login:
            return Given(access.installation(view, one))
    raise Problem(404, "")


@of_host("/app/installations/{number}")
def installation(view: View, number: str) -> Given:
    """Shows where the application is at work."""
    return Given(access.installation(view, _installation(view, number)))


@of_host("/app/installations/{number}/access_tokens", "POST")
def make_token(view: View, number: str) -> Given:
    """Makes a token for an hour, with the rights of the application."""
    found = _installation(view, number)
    if found.suspended_at:
        raise Problem(403, "This installation has been suspended")
    double = view.double
    text = f"ghs_{double.world.new_sha('installation', number)}"
    rights = {f"{name}:{verb}" for name, verb in found.app.permissions.items()}
    token = GitHubToken(text, found.app.slug, rights | {"metadata:read"})
    token.kind = TokenKind.INSTALLATION
    token.repository_ids = found.repository_ids
    token.installation_of = found.organisation.login
    token.expires_at = double.now + timedelta(hours=1)
    double.tokens[text] = token
    selection = "all" if found.repository_ids is None else "selected"
    told = {
        "token": text,
        "expires_at": view.moment(token.expires_at),
        "permissions": found.app.permissions,
        "repository_selection": selection,
    }
    return Given(told, 201)


@of_host("/installation/repositories")
def repositories(view: View) -> Given:
    """Lists what an installation's token reaches."""
    if view.token.kind is not TokenKind.INSTALLATION:
        raise Problem(403, "You must authenticate with an installation access token")
    found = [
        one
        for one in view.world.repositories
        if one.owner.login == view.token.installation_of
        and (view.token.repository_ids is None or one.id in view.token.repository_ids)
    ]
    return view.counted("repositories", found, places.repository)


def _app(view: View) -> App:
    if view.token.kind is not TokenKind.JWT:
        raise Problem(401, "A JSON web token could not be decoded")
    return next(app for app in view.world.apps if app.id == view.token.app_id)


def _installations(view: View, app: App) -> list[Installation]:
    return [
        one
        for organisation in view.world.organisations.values()
        for one in organisation.installations
        if one.app is app
    ]


def _installation(view: View, number: str) -> Installation:
    for one in _installations(view, _app(view)):
        if str(one.id) == number:
            return one
    raise Problem(404, "")
