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
create or replace temp macro pipeline_name(repository, name) as
    case
        when repository is null then name
        else repository || '/' || name
    end;
create or replace temp macro in_words(value) as coalesce(cast(value as varchar), 'unknown');
create or replace temp macro moved_number(what, before, after) as
    case when before is distinct from after
        then what || ': ' || in_words(len(before)) || ' → ' || in_words(len(after))
    end;
create or replace temp macro moved(what, before, now) as
    case
        when now is distinct from before
            then what || ': ' || in_words(before) || ' → ' || in_words(now)
    end;
create or replace temp macro is_let_go(before, now) as
    case
        when now or not before or now is not distinct from before then false
        when before and not now then true
    end;
create or replace temp macro has_all(names, asked) as list_has_all(names, asked);
create or replace temp macro fits(name, pattern) as name glob pattern;
create or replace temp macro fits_any(name, patterns) as
    len(list_filter(string_split(patterns, ', '), lambda pattern: name glob pattern)) > 0;
create or replace temp macro newest_of(value, moment, tie) as arg_max(value, (moment, tie));
create or replace temp macro oldest_of(value, moment, tie) as arg_min(value, (moment, tie));
create or replace temp macro each_day(first, last) as
    unnest(generate_series(first, last, interval '1' day));
create or replace temp macro each_number(first, past) as unnest(range(first, past));
create or replace temp macro each_of(names) as unnest(names);
create or replace temp macro all_have_digest(names) as
    len(names) > 0 and len(list_filter(names, lambda name: name not like '%@%')) = 0;
create or replace temp view told_deployment as select rowid as ordinal, * from deployment;
create or replace temp view numbered_change as select rowid as ordinal, * from change;
create or replace temp view numbered_commit as select -1 - rowid as ordinal, * from commit
"""
"""Functions, and the canonical rows with an ordinal: the place in which a row was told.

It joins narrow facts to wide rows, and orders what happened in the same second. `newest_of` and
`oldest_of` are aggregates: the value at the last or first moment among those that are not null.
"""

PLACES = ("change_place", "direct_push")
"""Facts that the view of all changes needs."""

CHANGES = """
create or replace temp view told_change as
    select c.* replace (coalesce(c.position, p.position) as position)
    from numbered_change c
    left join change_place p
      on p.ordinal = c.ordinal
    where c.position is not null
       or p.position is not null
    union all by name
    select
        d.ordinal,
        replace(d.id, '#commit/', '#push/') as id,
        d.source,
        d.url,
        d.repository,
        'direct' as kind,
        d.subject as title,
        d.sha as landed_sha,
        d.position,
        1 as commit_count,
        d.authored_at as first_commit_at,
        d.committed_at as merged_at,
        coalesce(d.services, s.services) as services,
        d.reverts_sha as reverts,
        false as is_hotfix
    from direct_push d
    join (
        select
            source,
            repository,
            list(name order by name) as services
        from service
        group by source, repository
    ) s
      on s.source = d.source
     and s.repository = d.repository;
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
"""All changes of the mainline.

One whose source does not tell its place has that of the commit it landed as; one that landed on no
mainline commit that is known is none of the mainline's, and left out. A commit that was pushed
directly is a change of its own, of all services where its source does not know which it touched.
"""


def speak(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the functions and views that the facts use, for this connection alone."""
    _run(connection, DIALECT)


def tell_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the views of all changes, once `PLACES` are built."""
    _run(connection, CHANGES)


def _run(connection: duckdb.DuckDBPyConnection, script: str) -> None:
    for statement in script.split(";\n"):
        connection.execute(statement)


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops the views again: they would hold on to the tables they look at."""
    views = ("told_touch", "told_change", "told_deployment", "numbered_change", "numbered_commit")
    for name in views:
        connection.execute(f"drop view if exists temp.main.{name}")
