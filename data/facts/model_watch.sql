-- One row is one model in one environment, and between when its versions there are known.
with watched as (
    select
        s.model,
        s.environment,
        min(s.from_at) as first_at,
        max(s.from_at) as last_at,
        max(k.until_at) as until_at
    from model_serving s
    join registry_known k
      on k.source = s.source
    group by s.model, s.environment
)
select
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
