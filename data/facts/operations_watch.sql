-- One row is one service in one environment that operations tell of, and between when they do.
with told as (
    select
        'alert' as kind,
        coalesce(service, '(not told)') as service,
        coalesce(environment, 'production') as environment,
        started_at as at_time,
        source,
        stream
    from alert
    union all
    select
        kind,
        coalesce(service, '(not told)'),
        coalesce(environment, 'production'),
        from_at,
        source,
        stream
    from indicator
),
watched as (
    select
        t.kind,
        t.service,
        t.environment,
        min(t.at_time) as first_at,
        max(t.at_time) as last_at,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from told t
    join stream s
      on s.source = t.source
     and s.stream = t.stream
    group by t.kind, t.service, t.environment
)
select
    w.kind,
    w.service,
    w.environment,
    e.tier,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join service_owner o
  on o.service = w.service
join environment_tier e
  on e.environment = w.environment
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
join local_clock u
  on u.timezone = o.timezone
 and w.until_at >= u.from_at
 and w.until_at < u.until_at
