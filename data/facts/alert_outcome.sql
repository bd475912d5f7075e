-- One row is one time an alert fired, told once, and the incident it led to.
with whole as (
    select
        *,
        coalesce(service, '(not told)') as of_service,
        coalesce(environment, 'production') as of_environment
    from alert_told_again
),
known_incident as (
    select
        i.id,
        i.url,
        i.service,
        coalesce(e.tier, 'production') as tier,
        i.started_at,
        row_number() over (order by i.started_at, i.id) as place
    from incident i
    left join environment_tier e
      on e.environment = i.environment
    where not i.is_withdrawn
),
moment as (
    -- Alerts without a name of an incident, and the incidents of their services, in order of time.
    select
        t.id as alert,
        t.service,
        coalesce(e.tier, 'production') as tier,
        t.started_at - interval '5' minute as at_time,
        cast(null as bigint) as place
    from whole t
    left join environment_tier e
      on e.environment = t.of_environment
    where t.incident is null
      and t.service is not null
    union all
    select
        null,
        service,
        tier,
        started_at,
        place
    from known_incident
    where service is not null
),
following as (
    select
        alert,
        min(place) over (
            partition by service, tier
            order by at_time
            range between current row and unbounded following
        ) as place
    from moment
),
linked as (
    -- The incident that an alert names, by id or address, else the first one of its service from
    -- five minutes before its start until an hour after its end.
    select
        id,
        min(incident) as incident
    from (
        select
            t.id,
            i.id as incident
        from whole t
        join known_incident i
          on i.id = t.incident
        union all
        select
            t.id,
            min(i.id)
        from whole t
        join known_incident i
          on i.url = t.incident
        group by t.id
        union all
        select
            t.id,
            i.id
        from following f
        join known_incident i
          on i.place = f.place
        join whole t
          on t.id = f.alert
        where i.started_at <= coalesce(t.resolved_at, t.firing_until_at, t.started_at)
            + interval '1' hour
    ) found
    group by id
),
known as (
    -- Between when incidents are known; null: no source tells any. A stream that does not say since
    -- when it is complete is known since its first.
    select
        min(from_at) as from_at,
        max(until_at) as until_at
    from (
        select
            coalesce(max(s.complete_from), min(i.started_at)) as from_at,
            max(coalesce(s.complete_until, s.read_at)) as until_at
        from incident i
        join stream s
          on s.source = i.source
         and s.stream = i.stream
        group by i.source, i.stream
    ) told
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
    t.is_told_again,
    coalesce(l.incident, t.incident) as incident,
    i.url as incident_url,
    case
        when t.incident is not null then 'named'
        when l.incident is not null then 'time'
    end as link_method,
    case
        when l.incident is not null or t.incident is not null then false
        when t.service is null or t.started_at < k.from_at then null
        when coalesce(t.resolved_at, t.firing_until_at, t.started_at) + interval '1' hour
            <= k.until_at then true
    end as is_noise,
    case
        when t.acknowledged_at is not null then false
        when l.incident is not null or t.incident is not null then false
        when t.resolved_at is null or t.service is null or t.started_at < k.from_at then null
        when t.is_acknowledgement_told and t.resolved_at + interval '1' hour <= k.until_at
            then true
    end as is_self_ended,
    t.is_acknowledgement_told,
    t.is_remedied_by_machine,
    case
        when i.started_at >= t.started_at then unix_seconds(i.started_at) - unix_seconds(t.started_at)
        when i.started_at is not null then 0
    end as detect_seconds,
    case
        when t.acknowledged_at >= t.started_at
            then unix_seconds(t.acknowledged_at) - unix_seconds(t.started_at)
    end as acknowledge_seconds,
    case
        when t.resolved_at >= t.started_at
            then unix_seconds(t.resolved_at) - unix_seconds(t.started_at)
    end as resolve_seconds
from whole t
cross join known k
join service_owner o
  on o.service = t.of_service
join environment_tier e
  on e.environment = t.of_environment
join local_clock c
  on c.timezone = o.timezone
 and t.started_at >= c.from_at
 and t.started_at < c.until_at
left join linked l
  on l.id = t.id
left join incident i
  on i.id = l.incident
