"""Who asks, what is left, and which organisations and repositories there are."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.rest.routing import of_host, of_organisation, of_repository
from tests.doubles.github.shapes import people, places
from tests.doubles.github.tokens import TokenKind
from tests.doubles.github.view import REST, View
from tests.doubles.github.world import Account, Organisation, Repository
from tests.doubles.host import Given, Problem


@of_host("/user")
def who_asks(view: View) -> Given:
    """Tells whose token it is; an application's has no user."""
    _no_application(view)
    account = view.world.account(view.login)
    counts = ("public_repos", "public_gists", "followers", "following")
    names = ("name", "company", "blog", "location", "email", "hireable", "bio")
    return Given(
        {
            **(people.user(view, account) or {}),
            **dict.fromkeys(names),
            **dict.fromkeys(counts, 0),
            "created_at": view.moment(account.created_at),
            "updated_at": view.moment(account.created_at),
        }
    )


def _no_application(view: View) -> None:
    if not view.token.text:
        raise Problem(401, "Requires authentication")
    if view.token.kind in (TokenKind.INSTALLATION, TokenKind.JWT):
        raise Problem(403, "Resource not accessible by integration")


@of_host("/rate_limit")
def what_is_left(view: View) -> Given:
    """Tells all allowances; asking costs nothing."""
    told = {}
    for name in view.double.limits:
        left = view.double.allowance(view.token, name)
        told[name] = {
            "limit": left.limit,
            "used": left.used,
            "remaining": left.remaining,
            "reset": int(left.reset_at.timestamp()),
        }
    told["search"] = {**told["core"], "limit": 30, "used": 0, "remaining": 30}
    return Given({"resources": told, "rate": told["core"]}, points=0)


@of_organisation("")
def organisation(view: View, organisation: Organisation) -> Given:
    """Shows an organisation."""
    return Given(people.organisation(view, organisation))


@of_organisation("/repos")
def repositories_of_organisation(view: View, organisation: Organisation) -> Given:
    """Lists an organisation's repositories, newest first unless asked otherwise."""
    path = f"{REST}/organizations/{organisation.account.id}/repos"
    return _repositories(view, _owned(view, organisation.account), "created", path)


@of_host("/users/{login}/repos")
def repositories_of_user(view: View, login: str) -> Given:
    """Lists a user's public repositories, by name unless asked otherwise."""
    account = view.world.accounts.get(login)
    if account is None:
        raise Problem(404, "")
    found = [one for one in _owned(view, account) if not one.is_private]
    return _repositories(view, found, "full_name")


@of_host("/user/repos")
def own_repositories(view: View) -> Given:
    """Lists what belongs to whose token it is; other affiliations are not told here."""
    _no_application(view)
    if view.params.get("affiliation") != "owner" or "type" in view.params:
        raise Problem(422, "Validation Failed")
    return _repositories(view, _owned(view, view.world.account(view.login)), "full_name")


def _owned(view: View, owner: Account) -> list[Repository]:
    return [r for r in view.world.repositories if r.owner is owner and view.sees(r)]


def _repositories(view: View, seen: list[Repository], sort: str, path: str | None = None) -> Given:
    kind = view.params.get("type", "all")
    if kind in ("public", "private"):
        seen = [r for r in seen if r.is_private == (kind == "private")]
    by: dict[str, Any] = {
        "created": lambda r: (r.created_at, r.id),
        "updated": lambda r: (r.updated_at, r.id),
        "pushed": lambda r: (r.pushed_at, r.id),
        "full_name": lambda r: r.full_name.lower(),
    }
    direction = "asc" if view.params.get("sort", sort) == "full_name" else "desc"
    return view.listed(view.sort(seen, by, sort, direction), places.repository, path=path)


@of_repository("")
def repository(view: View, repository: Repository) -> Given:
    """Shows a repository."""
    return Given(places.full_repository(view, repository))
