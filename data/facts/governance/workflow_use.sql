-- One row is one shared thing that a repository builds on, as it was last seen.
select
    u.id,
    u.source,
    u.url,
    u.name || coalesce('@' || u.version, '') as title,
    coalesce(w.team, 'unowned') as team,
    u.repository,
    u.kind,
    u.name,
    u.path,
    u.version,
    u.is_pinned,
    u.observed_at as began_at,
    cast(null as timestamptz) as ended_at
from reuse u
left join repository_owner w
  on w.repository = u.repository
