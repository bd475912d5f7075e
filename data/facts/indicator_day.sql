-- One row is one measured day of a service: of an objective, or of the use of a resource.
with measured as (
    -- It counts on the local day that holds its middle: most of it lies there in every zone.
    select
        *,
        from_at + interval '1' second * cast(
            floor(greatest(0, unix_seconds(until_at) - unix_seconds(from_at)) / 2) as bigint
        ) as middle_at
    from indicator
    where greatest(from_at, until_at) < timestamptz '9999-01-01 00:00:00+00'
)
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
    case
        when i.kind <> 'objective' then null
        when lower(i.name) like '%latenc%' or lower(i.name) like '%response time%' then 'latency'
        when lower(i.name) like '%fresh%' then 'freshness'
        when lower(i.name) like '%availab%' or lower(i.name) like '%uptime%' then 'availability'
    end as about,
    i.value,
    i.target,
    i.total,
    i.known_seconds,
    unix_seconds(i.until_at) - unix_seconds(i.from_at) as asked_seconds,
    case when i.target < 1 then (1 - i.value) / (1 - i.target) end as burn_rate,
    i.from_at,
    i.until_at,
    i.middle_at as happened_at,
    cast(i.middle_at as timestamp) + interval '1' second * c.offset_seconds as local_at
from measured i
join service_owner o
  on o.service = coalesce(i.service, '(not told)')
join environment_tier e
  on e.environment = coalesce(i.environment, 'production')
join local_clock c
  on c.timezone = o.timezone
 and i.middle_at >= c.from_at
 and i.middle_at < c.until_at
