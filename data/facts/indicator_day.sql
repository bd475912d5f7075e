-- One row is one measured day of a service: of an objective, or of the use of a resource.
select
    i.id,
    i.source,
    i.url,
    i.name as title,
    coalesce(i.service, '(not told)') as service,
    coalesce(i.environment, 'production') as environment,
    e.tier,
    o.team,
    i.kind,
    i.name,
    i.value,
    i.target,
    i.total,
    i.known_seconds,
    unix_seconds(i.until_at) - unix_seconds(i.from_at) as asked_seconds,
    case when i.target < 1 then (1 - i.value) / (1 - i.target) end as burn_rate,
    i.from_at,
    i.until_at,
    i.from_at as happened_at,
    cast(i.from_at as timestamp) + interval '1' second * c.offset_seconds as local_at
from indicator i
join service_owner o
  on o.service = coalesce(i.service, '(not told)')
join environment_tier e
  on e.environment = coalesce(i.environment, 'production')
join local_clock c
  on c.timezone = o.timezone
 and i.from_at >= c.from_at
 and i.from_at < c.until_at
