-- One row is one thing that a host recorded by itself. What it was done to may be a person.
select
    'host.recorded' as kind,
    e.id as key,
    e.subject as person,
    coalesce(e.repository, e.source) as subject,
    a.observed_at,
    e.happened_at,
    e.actor,
    e.action as title,
    e.team,
    e.source,
    cast(null as varchar) as before,
    e.sha as after,
    e.url
from published.recorded_event e
join audit_event a
  on a.id = e.id
where a.observed_at >= $since
