"""What the facts are written on: the little that each SQL engine says in its own way.

On another engine than DuckDB these few lines change and the facts do not.
"""

from __future__ import annotations

import duckdb

DIALECT = """
create or replace temp macro unix_seconds(moment) as cast(floor(epoch(moment)) as bigint);
create or replace temp macro without_service(name, service) as
    case
        when left(name, length(service) + 1) in (
            service || '/', service || '-', service || '@', service || '_'
        )
            then substr(name, length(service) + 2)
        else name
    end;
create or replace temp macro bare_version(name, service) as
    case
        when without_service(name, service) between 'v0' and 'v:'
            then substr(without_service(name, service), 2)
        else without_service(name, service)
    end;
create or replace temp view told_deployment as select rowid as ordinal, * from deployment;
create or replace temp table change_place as
    select
        c.rowid as ordinal,
        min(m.position) as position
    from change c
    join commit m
      on m.repository = c.repository
     and m.sha = c.landed_sha
     and m.is_mainline
    where c.position is null
    group by c.rowid;
create or replace temp table direct_push as
    select
        -1 - m.rowid as ordinal,
        replace(m.id, '#commit/', '#push/') as id,
        m.source,
        m.url,
        m.stream,
        m.observed_at,
        m.evidence,
        m.repository,
        'direct' as kind,
        m.subject as title,
        m.sha as landed_sha,
        m.position,
        1 as commit_count,
        m.authored_at as first_commit_at,
        m.committed_at as merged_at,
        (
            select list(s.name order by s.name)
            from service s
            where s.repository = m.repository
              and s.source = m.source
        ) as services,
        m.reverts_sha as reverts,
        false as is_hotfix
    from commit m
    join repository r
      on r.source = m.source
     and r.name = m.repository
    join stream t
      on t.source = m.source
     and t.stream = 'changes:' || r.host_id
    where m.is_mainline
      and m.change is null
      and m.committed_at >= coalesce(t.complete_from, m.committed_at)
      and not exists (
          from change c
          where c.repository = m.repository
            and c.landed_sha = m.sha
      )
      and not exists (
          from change_commit b
          where b.repository = m.repository
            and b.sha = m.sha
      );
create or replace temp view told_change as
    select
        c.rowid as ordinal,
        c.* replace (coalesce(c.position, p.position) as position)
    from change c
    left join change_place p
      on p.ordinal = c.rowid
    where c.position is not null
       or p.position is not null
    union all by name
    select *
    from direct_push
    where services is not null;
create or replace temp view told_touch as
    select
        ordinal,
        repository,
        position,
        first_commit_at,
        merged_at,
        unnest(case when len(services) > 1 then list_distinct(services) else services end)
            as service
    from told_change
"""
"""Functions, and the canonical rows with an ordinal: the place in which a row was told.

It joins narrow facts to wide rows, and orders what happened in the same second. A change whose
source does not tell its place has that of the commit it landed as; one that landed on no mainline
commit that is known is none of the mainline's, and left out. A mainline commit that no change of a
host brought, as far back as its changes are read, was pushed directly, and is a change of its own.
"""


def speak(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the functions and views that the facts use, for this connection alone."""
    for statement in DIALECT.split(";\n"):
        connection.execute(statement)


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops the views again: they would hold on to the tables they look at."""
    for name in ("told_touch", "told_deployment", "told_change"):
        connection.execute(f"drop view if exists temp.main.{name}")
    for name in ("change_place", "direct_push"):
        connection.execute(f"drop table if exists temp.main.{name}")
