-- One row is one incident that began, or ended.
with told as (
    select
        i.*,
        t.observed_at
    from published.incident_cause i
    join incident t
      on t.id = i.id
    where t.observed_at >= $since
)
select
    'incident.detected' as kind,
    id as key,
    cast(null as varchar) as person,
    id as subject,
    observed_at,
    started_at as happened_at,
    cast(null as varchar) as actor,
    title,
    team,
    source,
    cast(null as varchar) as before,
    severity as after,
    url
from told
union all
select
    'incident.resolved',
    id,
    null,
    id,
    observed_at,
    resolved_at,
    null,
    title,
    team,
    source,
    severity,
    'resolved',
    url
from told
where resolved_at is not null
