"""What of a snapshot lies in the scope of a decision: how much, and of which teams."""

from __future__ import annotations

from fnmatch import fnmatchcase

from data.decisions.scope import Scope, ScopeKind
from data.store.snapshot import Snapshot

_NAMES = {
    ScopeKind.MODEL: "select model as name from owned_model",
    ScopeKind.SERVICE: "select service as name from owned_service",
    ScopeKind.REPOSITORY: "select name from repository",
    ScopeKind.TEAM: "select team as name from team",
}

_OWNERS = {
    ScopeKind.MODEL: "select model as name, team from owned_model",
    ScopeKind.SERVICE: "select service as name, team from owned_service",
    ScopeKind.REPOSITORY: "select repository as name, team from host_repository",
    ScopeKind.TEAM: "select team as name, unnest(members) as team from team",
    ScopeKind.ORGANISATION: "select team as name, team from team",
}


def things_in(snapshot: Snapshot, scope: Scope) -> int:
    """Counts the teams, repositories, services, models or rows that a scope names.

    Of a row the published tables are asked that have ids. Whether a control looks at it, is the
    control's to say.
    """
    if scope.kind is ScopeKind.ORGANISATION:
        return 1
    if scope.kind is ScopeKind.ROW:
        return _rows(snapshot, scope.name)
    names = (row["name"] for row in snapshot.rows(_NAMES[scope.kind]))
    if scope.is_pattern:
        return sum(fnmatchcase(name, scope.name) for name in names)
    return sum(name == scope.name for name in names)


def teams_in(snapshot: Snapshot, scope: Scope) -> frozenset[str]:
    """The teams that own something of what a scope names."""
    if scope.kind is ScopeKind.ROW:
        each = [f'select team from "{one}" where id = $row' for one in _tables(snapshot, "team")]
        found = snapshot.rows(" union ".join(each), {"row": scope.name}) if each else []
        return frozenset(row["team"] for row in found if row["team"])
    rows = snapshot.rows(_OWNERS[scope.kind])
    if scope.is_pattern:
        return frozenset(row["team"] for row in rows if fnmatchcase(row["name"], scope.name))
    is_any = scope.kind is ScopeKind.ORGANISATION
    return frozenset(row["team"] for row in rows if is_any or row["name"] == scope.name)


def _rows(snapshot: Snapshot, row: str) -> int:
    each = [f'select count(*) as rows from "{one}" where id = $row' for one in _tables(snapshot)]
    counted = snapshot.rows(" union all ".join(each), {"row": row}) if each else []
    return sum(one["rows"] for one in counted)


def _tables(snapshot: Snapshot, *columns: str) -> list[str]:
    """The published tables whose rows have ids, and other columns of text."""
    found = snapshot.rows(
        """
        -- One row is one published table that has all of some columns.
        select table_name
        from duckdb_columns()
        where database_name = current_database()
          and list_contains($columns, column_name)
          and data_type = 'VARCHAR'
        group by table_name
        having count(*) = len($columns)
        order by table_name
        """,
        {"columns": ["id", *columns]},
    )
    return [one["table_name"] for one in found]
