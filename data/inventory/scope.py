"""How much of what a snapshot tells lies in the scope of a decision about a control."""

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


def _rows(snapshot: Snapshot, row: str) -> int:
    tables = snapshot.rows(
        """
        -- One row is one published table whose rows have ids.
        select distinct table_name
        from duckdb_columns()
        where database_name = current_database()
          and column_name = 'id'
          and data_type = 'VARCHAR'
        order by table_name
        """
    )
    each = [f'select count(*) as rows from "{one["table_name"]}" where id = $row' for one in tables]
    counted = snapshot.rows(" union all ".join(each), {"row": row}) if each else []
    return sum(one["rows"] for one in counted)
