-- One row is one time an alert fired, told once, and the incident it led to.
with told as (
    select
        a.*,
        coalesce(a.service, '(not told)') as of_service,
        coalesce(a.environment, 'production') as of_environment
    from alert a
),
again as (
    -- Told by another source as well: the one whose name comes first stands for both.
    select distinct b.id
    from told a
    join told b
      on b.name = a.name
     and b.of_service = a.of_service
     and b.source > a.source
     and b.started_at between a.started_at - interval '5' minute and a.started_at + interval '5' minute
),
linked as (
    -- The incident that the alert names, else the first of its service from its start to an hour
    -- after its end.
    select
        t.id,
        arg_min(i.id, (case when i.id = t.incident or i.url = t.incident then 0 else 1 end,
            i.started_at, i.id)) as incident,
        bool_or(coalesce(i.id = t.incident or i.url = t.incident, false)) as is_named
    from told t
    join incident i
      on not i.is_withdrawn
     and (
         i.id = t.incident
         or i.url = t.incident
         or (
             t.incident is null
             and i.service = t.service
             and i.started_at >= t.started_at - interval '5' minute
             and i.started_at <= coalesce(t.resolved_at, t.firing_until_at, t.started_at)
                 + interval '1' hour
         )
     )
    group by t.id
)
select
    t.id,
    t.source,
    t.url,
    t.name as title,
    t.of_service as service,
    t.of_environment as environment,
    e.tier,
    o.team,
    t.severity,
    t.fingerprint,
    t.summary,
    t.model,
    t.pipeline,
    t.started_at,
    t.acknowledged_at,
    t.resolved_at,
    t.started_at as happened_at,
    cast(t.started_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    g.id is not null as is_told_again,
    coalesce(l.incident, t.incident) as incident,
    i.url as incident_url,
    case
        when l.is_named or t.incident is not null then 'named'
        when l.incident is not null then 'time'
    end as link_method,
    l.incident is null and t.incident is null as is_noise,
    t.is_remedied_by_machine,
    case
        when i.started_at >= t.started_at then unix_seconds(i.started_at) - unix_seconds(t.started_at)
        when i.started_at is not null then 0
    end as detect_seconds,
    unix_seconds(t.acknowledged_at) - unix_seconds(t.started_at) as acknowledge_seconds,
    unix_seconds(t.resolved_at) - unix_seconds(t.started_at) as resolve_seconds
from told t
join service_owner o
  on o.service = t.of_service
join environment_tier e
  on e.environment = t.of_environment
join local_clock c
  on c.timezone = o.timezone
 and t.started_at >= c.from_at
 and t.started_at < c.until_at
left join again g
  on g.id = t.id
left join linked l
  on l.id = t.id
left join incident i
  on i.id = l.incident
