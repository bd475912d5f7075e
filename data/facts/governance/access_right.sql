-- One row is one right of an account, team, key or application, as it was last seen.
select
    a.id,
    a.source,
    a.url,
    a.subject || ' in ' || a.scope as title,
    w.team,
    w.repository,
    a.kind,
    a.subject,
    a.scope,
    a.role,
    a.is_admin,
    a.is_read_only,
    a.has_two_factor,
    a.created_at,
    a.expires_at,
    a.last_used_at,
    a.observed_at as began_at,
    cast(null as timestamptz) as ended_at
from member_access a
left join repository_owner w
  on w.repository = a.scope
