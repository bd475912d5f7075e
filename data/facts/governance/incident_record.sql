-- One row is one incident, by the clock of the team whose service it hit.
select
    i.id,
    i.source,
    i.url,
    i.title,
    i.team,
    i.service,
    i.environment,
    i.tier,
    i.severity,
    i.started_at,
    i.resolved_at,
    i.reopened_count,
    i.deployment,
    i.link_method,
    i.unlinked_reason,
    i.started_at as happened_at,
    cast(i.started_at as timestamp) + interval '1' second * c.offset_seconds as local_at
from incident_cause i
cross join setting s
left join service_owner o
  on o.service = i.service
join local_clock c
  on c.timezone = coalesce(o.timezone, s.timezone)
 and i.started_at >= c.from_at
 and i.started_at < c.until_at
