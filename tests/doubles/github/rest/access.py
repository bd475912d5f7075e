"""Members, teams, collaborators, keys, hooks, applications, and the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tests.doubles.github.rest.actions import is_within
from tests.doubles.github.rest.routing import below, of_organisation, of_repository
from tests.doubles.github.shapes import access, people, places
from tests.doubles.github.tokens import TokenKind
from tests.doubles.github.view import View
from tests.doubles.github.world import (
    AuditEvent,
    Collaborator,
    Organisation,
    Plan,
    Repository,
    Team,
)
from tests.doubles.host import Given, Problem
from tests.doubles.paging import address

T = TypeVar("T")
ROLES = {
    "read": "pull",
    "write": "push",
    "triage": "triage",
    "maintain": "maintain",
    "admin": "admin",
}
"""Name of a role to the name of the right it gives."""


@of_organisation("/teams", "members:read")
def teams(view: View, organisation: Organisation) -> Given:
    """Lists teams."""
    return view.listed(organisation.teams, people.team)


@of_organisation("/teams/{slug}/members", "members:read")
def members_of_team(view: View, organisation: Organisation, slug: str) -> Given:
    """Lists who is in a team or in one below it."""
    found = _team(organisation, slug)
    below_it = [team for team in organisation.teams if team.parent is found]
    accounts = dict.fromkeys(account for team in (found, *below_it) for account in team.members)
    return view.listed([a for a in accounts if not a.is_deleted], people.user)


@of_organisation("/teams/{slug}/repos", "members:read")
def repositories_of_team(view: View, organisation: Organisation, slug: str) -> Given:
    """Lists what a team has access to, with its role there."""
    roles = _team(organisation, slug).repositories
    found = [r for r in view.world.repositories if r.id in roles and view.sees(r)]

    def render(view: View, one: Repository) -> object:
        role = roles[one.id]
        shown = places.repository(view, one)
        return {**shown, "role_name": role, "permissions": people.permissions(role)}

    return view.listed(found, render)


def _team(organisation: Organisation, slug: str) -> Team:
    for team in organisation.teams:
        if team.slug == slug:
            return team
    raise Problem(404, "")


@of_organisation("/members", "members:read")
def members(view: View, organisation: Organisation) -> Given:
    """Lists members; who lacks a second factor is told to owners only."""
    wanted, role = view.params.get("filter", "all"), view.params.get("role", "all")
    if wanted != "all" and not view.owns(organisation):
        raise Problem(422, "Only owners can use this filter.")
    found = [
        member.account
        for member in organisation.members
        if role in ("all", member.role)
        and (wanted != "2fa_disabled" or not member.has_two_factor)
        and not member.account.is_deleted
    ]
    path = f"/api/v3/organizations/{organisation.account.id}/members"
    return view.listed(found, people.user, path=path)


@of_organisation("/outside_collaborators", "members:read")
def outside_collaborators(view: View, organisation: Organisation) -> Given:
    """Lists accounts with access that are no members."""
    return view.listed(organisation.outside, people.user)


@of_organisation("/installations", "organization_administration:read")
def installations(view: View, organisation: Organisation) -> Given:
    """Lists the applications at work here."""
    return view.counted("installations", organisation.installations, access.installation)


@of_repository("/collaborators")
def collaborators(view: View, repository: Repository) -> Given:
    """Lists who has access, directly or, with `all`, by membership."""
    if not view.may(repository, "administration:read"):
        raise Problem(403, "Must have push access to view repository collaborators.")
    affiliation = view.params.get("affiliation", "all")
    found = [one for one in repository.collaborators if affiliation != "outside" or one.is_outside]
    if affiliation == "all":
        found += _by_membership(view, repository, found)
    path = below(repository, "/collaborators")
    return view.listed(found, access.collaborator, path=path)


def _by_membership(
    view: View, repository: Repository, known: list[Collaborator]
) -> list[Collaborator]:
    organisation = view.world.organisations.get(repository.owner.login)
    if organisation is None:
        return []
    seen = {one.account for one in known}
    found = [Collaborator(m.account, "admin") for m in organisation.members if m.role == "admin"]
    for team in organisation.teams:
        role = team.repositories.get(repository.id)
        found += [Collaborator(account, role) for account in team.members] if role else []
    by_account = {one.account: one for one in reversed(found) if one.account not in seen}
    return list(by_account.values())


@of_repository("/teams")
def teams_of_repository(view: View, repository: Repository) -> Given:
    """Lists the teams with access, and the role of each."""
    view.need_in(repository, "administration:read")
    organisation = view.world.organisations.get(repository.owner.login)
    found = [
        team
        for team in (organisation.teams if organisation else ())
        if repository.id in team.repositories
    ]

    def render(view: View, team: Team) -> object:
        role = team.repositories[repository.id]
        shown = {"permission": ROLES[role], "permissions": people.permissions(role)}
        return {**people.team(view, team), **shown}

    return view.listed(found, render, path=below(repository, "/teams"))


@of_repository("/keys")
def keys(view: View, repository: Repository) -> Given:
    """Lists deploy keys."""
    view.need_in(repository, "administration:read")
    found = [(repository, one) for one in repository.keys]
    return view.listed(found, access.deploy_key, path=below(repository, "/keys"))


@of_repository("/hooks")
def hooks(view: View, repository: Repository) -> Given:
    """Lists webhooks."""
    view.need_in(repository, "repository_hooks:read")
    found = [(repository, one) for one in repository.hooks]
    return view.listed(found, access.hook, path=below(repository, "/hooks"))


@of_organisation("/audit-log")
def audit_log(view: View, organisation: Organisation) -> Given:
    """Lists what was recorded, newest first; only where the plan has it."""
    if organisation.plan is not Plan.ENTERPRISE:
        raise Problem(404, "")
    is_classic = view.token.kind is TokenKind.CLASSIC
    view.need("audit_log:read" if is_classic else "organization_administration:read")
    found = [one for one in organisation.audit if _matches(one, view.params.get("phrase", ""))]
    is_ascending = view.params.get("order") == "asc"
    found.sort(key=lambda one: (one.at, one.id), reverse=not is_ascending)
    login = organisation.account.login
    shown, link = by_cursor(view, found, lambda one: one.id)
    rendered = [access.audit_event(view, (login, one)) for one in shown]
    return Given(rendered, headers={"Link": link} if link else {})


def by_cursor(view: View, items: list[T], key: Callable[[T], str]) -> tuple[list[T], str]:
    """Cuts a page behind the item that `after` names; returns it and its Link header."""
    size = min(100, int(view.params.get("per_page", "30")))
    after = view.params.get("after")
    places = [key(item) for item in items]
    start = places.index(after) + 1 if after in places else 0
    shown = items[start : start + size]
    if start + size >= len(items):
        return shown, ""
    return shown, f'<{address(view.asked, after=key(shown[-1]))}>; rel="next"'


def _matches(one: AuditEvent, phrase: str) -> bool:
    """Knows `action:`, `actor:` and `created:` with one bound or two."""
    for word in phrase.split():
        name, _, wanted = word.partition(":")
        if name == "action" and not (one.action == wanted or one.action.startswith(f"{wanted}.")):
            return False
        if name == "actor" and (one.actor is None or one.actor.login != wanted):
            return False
        if name == "created" and not is_within(one.at, wanted):
            return False
    return True
