"""Pure mapping of teams: who is in them, and which team is part of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from connectors.github.asking import Asking, row_id
from connectors.hosting.readable import readable
from connectors.interface import Json
from data.model import GapReason, MemberAccess, Record, SubjectKind

_STAYS = "; until they are, who has left any team since may still be shown as in it"
OF_OWNER = "give the token organisation Members: read, of an owner"


def team_rows(
    asking: Asking, organisation: str, team: Json, edges: Sequence[Json]
) -> Iterator[Record]:
    """The rows of a team.

    Args:
        asking: names the rows.
        organisation: it is a team of.
        team: as told.
        edges: its members, also of later pages.
    """
    slug = team["slug"]

    def member(edge: Json) -> Record:
        return _member(asking, organisation, team, edge)

    parent = team["parentTeam"]
    if parent is not None:
        yield _part(asking, organisation, team, parent["slug"])
    yield from readable(asking, organisation, f"team/{slug}/member", edges, member)
    hidden = team["members"]["totalCount"] - len(edges)
    if hidden > 0:
        what = f"of the team {slug} {hidden} members are not shown to this token{_STAYS}"
        key, reason = f"team/{slug}/members", GapReason.NO_PERMISSION
        gap = asking.gap(organisation, key, reason, what, OF_OWNER, hidden)
        yield replace(gap, about=row_id(organisation, "team", slug))


def _member(asking: Asking, organisation: str, team: Json, edge: Json) -> MemberAccess:
    login = edge["node"]["login"]
    is_maintainer = edge["role"] == "MAINTAINER"
    return MemberAccess(
        id=row_id(organisation, "team", team["slug"], "member", login),
        kind=SubjectKind.MEMBER.value,
        subject=login,
        scope=_name(organisation, team["slug"]),
        role=edge["role"].lower(),
        is_admin=is_maintainer,
        **_untold(asking, team),
    )


def _part(asking: Asking, organisation: str, team: Json, parent: str) -> MemberAccess:
    """A team that has the rights of another one, as part of it."""
    return MemberAccess(
        id=row_id(organisation, "team", parent, "team", team["slug"]),
        kind=SubjectKind.TEAM.value,
        subject=team["slug"],
        scope=_name(organisation, parent),
        role="child team",
        is_admin=False,
        **_untold(asking, team),
    )


def _name(organisation: str, slug: str) -> str:
    """A team as GitHub writes it, such as `@acme/core`: a repository may be called `acme/core`."""
    return f"@{organisation}/{slug}"


def _untold(asking: Asking, team: Json) -> dict[str, Any]:
    return {
        "source": asking.source,
        "url": team["url"],
        "is_read_only": None,
        "has_two_factor": None,
        "created_at": None,
        "expires_at": None,
        "last_used_at": None,
    }
