"""Who has which right, as a snapshot tells it."""

from __future__ import annotations

from fnmatch import fnmatchcase

from data.decisions.member import Member
from data.decisions.scope import Scope, ScopeKind, ScopeRefused
from data.store.snapshot import Snapshot


def members(snapshot: Snapshot, scope: Scope) -> tuple[Member, ...]:
    """The rights in a scope: of the organisation, of a team, or on repositories.

    Raises:
        ScopeRefused: if rights are not told by such a scope.
    """
    if scope.kind not in (ScopeKind.ORGANISATION, ScopeKind.TEAM, ScopeKind.REPOSITORY):
        what = f"rights are not told by {scope.kind}"
        raise ScopeRefused(what, "", "name `organisation`, `team:…` or `repository:…`")
    is_of_team = scope.kind is ScopeKind.TEAM
    rows = snapshot.rows(
        f"""
        -- One row is one right of one account, key or application.
        select
            source,
            subject as account,
            scope,
            kind,
            role,
            has_two_factor,
            last_used_at
        from access_right
        where {
            "list_contains((select members from team where team = $team), team)"
            if is_of_team
            else "true"
        }
        order by source, kind, subject, scope, role
        """,
        {"team": scope.name} if is_of_team else None,
    )
    if scope.kind is ScopeKind.REPOSITORY:
        rows = [row for row in rows if fnmatchcase(row["scope"], scope.name)]
    return tuple(Member(**row) for row in rows)
