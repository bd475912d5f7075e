"""Organisations, their teams and who is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.doubles.github.graphql.context import Context
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.github.graphql.resolvers import RESOLVERS, connection, field, node_id, plain
from tests.doubles.github.graphql.slices import Slice, by_place
from tests.doubles.github.world import Account, Organisation, Team


@dataclass(frozen=True)
class Membership:
    """An account in a team."""

    account: Account
    role: str


connection("TeamConnection")
connection("TeamMemberConnection")
RESOLVERS["TeamMemberConnection"] |= {
    "nodes": lambda cut, _context: [each.account for each in cut.items],
    "edges": lambda cut, _context: cut.items,
}
plain("TeamMemberEdge", node="account", role="role")
field("TeamMemberEdge", "cursor")(lambda each, _: f"cursor of {each.account.login}")


@field("Query", "organization")
def organization(_: None, context: Context, login: str) -> Organisation:
    found = context.view.world.organisations.get(login)
    if found is None:
        words = f"Could not resolve to an Organization with the login of '{login}'."
        raise Failure(words, "NOT_FOUND")
    return found


field("Organization", "databaseId")(lambda found, _: found.account.id)
field("Organization", "id")(lambda found, _: f"O_{found.account.id}")
field("Organization", "login")(lambda found, _: found.account.login)
field("Organization", "url")(lambda found, context: f"{context.view.host}/{found.account.login}")

field("Organization", "viewerCanAdminister")(lambda found, context: context.view.owns(found))


@field("Organization", "teams")
def teams(found: Organisation, context: Context, **bounds: Any) -> Slice:
    """Those that are shown: secret ones to owners and to who is in them."""
    context.need("members:read")
    view = context.view
    seen = [
        team
        for team in found.teams
        if not team.is_secret
        or view.owns(found)
        or view.login in {member.login for member in team.members}
    ]
    return by_place(seen, **bounds)


@field("Organization", "team")
def team(found: Organisation, context: Context, slug: str) -> Team | None:
    context.need("members:read")
    return next((team for team in found.teams if team.slug == slug), None)


plain("Team", databaseId="id", name="name", slug="slug", parentTeam="parent")
node_id("Team", "T")
field("Team", "privacy")(lambda team, _: "SECRET" if team.is_secret else "VISIBLE")


@field("Team", "url")
def url(team: Team, context: Context) -> str:
    login = _organisation(team, context).account.login
    return f"{context.view.host}/orgs/{login}/teams/{team.slug}"


@field("Team", "members")
def members(team: Team, context: Context, membership: str = "ALL", **bounds: Any) -> Slice:
    """Its own, those of the teams below it, or both."""
    below = [each for each in _organisation(team, context).teams if each.parent is team]
    wanted = {"ALL": [*below, team], "IMMEDIATE": [team], "CHILD_TEAM": below}[membership]
    found = {
        account: Membership(account, "MAINTAINER" if account.login in one.maintainers else "MEMBER")
        for one in wanted
        for account in one.members
        if not account.is_deleted
    }
    return by_place(list(found.values()), **bounds)


def _organisation(team: Team, context: Context) -> Organisation:
    return next(one for one in context.view.world.organisations.values() if team in one.teams)
