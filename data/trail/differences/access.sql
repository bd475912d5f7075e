-- One row is one right that was given, changed or taken between two snapshots. The address of a
-- person is a name too, and would stay in the log for ever.
select
    case
        when b.id is null then 'access.granted'
        when a.id is null then 'access.removed'
        else 'access.changed'
    end as kind,
    coalesce(a.source, b.source) || ' ' || coalesce(a.scope, b.scope) as key,
    coalesce(a.subject, b.subject) as person,
    coalesce(a.scope, b.scope) as subject,
    coalesce(a.kind, b.kind) || ' in ' || coalesce(a.scope, b.scope) as title,
    coalesce(a.team, b.team) as team,
    coalesce(a.source, b.source) as source,
    b.role || case when b.is_admin then ', administrator' else '' end as before,
    a.role || case when a.is_admin then ', administrator' else '' end as after,
    case
        when coalesce(a.kind, b.kind) not in ('member', 'outside', 'token')
        then coalesce(a.url, b.url)
    end as url
from published.access_right a
full outer join previous.access_right b
  on b.id = a.id
where (a.role, a.is_admin, a.is_read_only, a.has_two_factor)
    is distinct from (b.role, b.is_admin, b.is_read_only, b.has_two_factor)
