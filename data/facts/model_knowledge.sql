-- One row is one kind of thing that is told of a model in an environment, and between when it is.
with told as (
    select
        'serving' as kind,
        s.model,
        s.environment,
        s.from_at as at_time,
        k.until_at
    from model_serving s
    join registry_known k
      on k.source = s.source
    union all
    select
        'gate',
        c.model,
        'production',
        c.checked_at,
        coalesce(s.complete_until, s.read_at)
    from data_check c
    join stream s
      on s.source = c.source
     and s.stream = c.stream
    where c.model is not null
      and c.version is not null
      and c.kind in ('gate', 'test')
    union all
    select
        'training',
        r.model,
        r.environment,
        r.happened_at,
        coalesce(s.complete_until, s.read_at)
    from training_outcome r
    join training_run t
      on t.id = r.id
    join stream s
      on s.source = t.source
     and s.stream = t.stream
),
watched as (
    select
        kind,
        model,
        environment,
        min(at_time) as first_at,
        max(at_time) as last_at,
        max(until_at) as until_at
    from told
    group by kind, model, environment
)
select
    w.kind,
    w.model,
    w.environment,
    e.tier,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join owned_model o
  on o.model = w.model
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
