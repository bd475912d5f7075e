"""How a function says which address it answers, and what right that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.connectors.loopback import Asked
from tests.doubles.github.tokens import GitHubToken
from tests.doubles.github.view import REST, View
from tests.doubles.github.world import Organisation, Repository
from tests.doubles.host import Given, Problem
from tests.doubles.routes import Routes

ROUTES = Routes()
GRAPHQL = "/api/graphql"
Answering = Callable[..., Given]


def of_host(path: str, method: str = "GET") -> Callable[[Answering], Answering]:
    """Answers an address below the API; the function gets the view."""

    def mark(answering: Answering) -> Answering:
        def answer(double: Any, asked: Asked, token: GitHubToken, **parts: str) -> Given:
            return answering(View(double, asked, token), **parts)

        (ROUTES.get if method == "GET" else ROUTES.post)(REST + path)(answer)
        return answering

    return mark


def of_organisation(path: str, right: str | None = None) -> Callable[[Answering], Answering]:
    """Answers an address below an organisation; the function gets view and organisation."""

    def mark(answering: Answering) -> Answering:
        def answer(
            double: Any, asked: Asked, token: GitHubToken, organisation: str, **parts: str
        ) -> Given:
            view = View(double, asked, token)
            found = _organisation(view, organisation)
            view.pass_sso(found.account.login)
            if right:
                view.need(right)
            return answering(view, found, **parts)

        ROUTES.get(f"{REST}/orgs/{{organisation}}{path}")(answer)
        ROUTES.get(f"{REST}/organizations/{{organisation}}{path}")(answer)
        return answering

    return mark


def of_repository(path: str, right: str | None = None) -> Callable[[Answering], Answering]:
    """Answers an address below a repository; the function gets view and repository.

    It is found by its name, by a name it once had (301), and by its id.
    """

    def mark(answering: Answering) -> Answering:
        def by_name(
            double: Any, asked: Asked, token: GitHubToken, owner: str, name: str, **parts: str
        ) -> Given:
            view = View(double, asked, token)
            try:
                found = view.world.repository(f"{owner}/{name}")
            except LookupError:
                return _moved(view, f"{owner}/{name}")
            return _admitted(view, found, right, answering, parts)

        def by_id(
            double: Any, asked: Asked, token: GitHubToken, repository_id: str, **parts: str
        ) -> Given:
            view = View(double, asked, token)
            found = view.world.by_id(int(repository_id))
            if found is None:
                raise Problem(404, "")
            return _admitted(view, found, right, answering, parts)

        ROUTES.get(f"{REST}/repos/{{owner}}/{{name}}{path}")(by_name)
        ROUTES.get(f"{REST}/repositories/{{repository_id}}{path}")(by_id)
        return answering

    return mark


def below(repository: Repository, path: str) -> str:
    """Where the next page of a repository's list is: GitHub names it by its id."""
    return f"{REST}/repositories/{repository.id}{path}"


def _admitted(
    view: View,
    repository: Repository,
    right: str | None,
    answering: Answering,
    parts: dict[str, str],
) -> Given:
    if not view.sees(repository):
        raise Problem(404, "")
    view.pass_sso(repository.owner.login)
    if right:
        view.need(right)
    return answering(view, repository, **parts)


def _moved(view: View, full_name: str) -> Given:
    found = view.world.moved(full_name)
    if found is None or not view.sees(found):
        raise Problem(404, "")
    rest = view.asked.path.removeprefix(f"{REST}/repos/{full_name}")
    query = "&".join(f"{name}={text}" for name, text in view.params.items())
    url = f"{view.host}{below(found, rest)}" + (f"?{query}" if query else "")
    body = {
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    }
    return Given(body, 301, {"Location": url})


def _organisation(view: View, name: str) -> Organisation:
    for login, organisation in view.world.organisations.items():
        if name.lower() == login.lower() or name == str(organisation.account.id):
            return organisation
    raise Problem(404, "")
