-- One row is one sign that a model in production failed, and when that was mended.
with mended as (
    select
        t.id,
        t.model,
        min(p.promoted_at) as promoted_at
    from model_trouble t
    join model_promotion p
      on p.model = t.model
     and p.tier = 'production'
     and not p.is_baseline
     and p.promoted_at > t.started_at
    group by t.id, t.model
)
select
    t.id || '@' || t.model as id,
    t.source,
    t.url,
    t.title,
    t.model,
    coalesce(t.environment, 'production') as environment,
    'production' as tier,
    o.team,
    t.kind,
    t.started_at,
    t.started_at as happened_at,
    cast(t.started_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    t.resolved_at,
    m.promoted_at as next_promotion_at,
    least(t.resolved_at, m.promoted_at) as restored_at,
    case
        when least(t.resolved_at, m.promoted_at) >= t.started_at
            then unix_seconds(least(t.resolved_at, m.promoted_at)) - unix_seconds(t.started_at)
    end as restore_seconds
from model_trouble t
join owned_model o
  on o.model = t.model
join local_clock c
  on c.timezone = o.timezone
 and t.started_at >= c.from_at
 and t.started_at < c.until_at
left join environment_tier e
  on e.environment = t.environment
left join mended m
  on m.id = t.id
 and m.model = t.model
where coalesce(e.tier, 'production') = 'production'
