-- One row is one sign that a model in production failed, and when that was mended.
with trouble as (
    -- Where nobody says in which environment, a model serves production.
    select
        t.*,
        a.is_told_again,
        a.incident
    from model_trouble t
    left join environment_tier e
      on e.environment = t.environment
    left join alert_outcome a
      on a.id = t.id
     and t.kind = 'alert'
    where coalesce(e.tier, 'production') = 'production'
),
followed as (
    -- An incident that an alert about the model led to is the same failure, seen later.
    select distinct
        incident,
        model
    from trouble
    where incident is not null
),
mended as (
    select
        t.id,
        t.model,
        min(p.promoted_at) as promoted_at
    from trouble t
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
    case
        when t.is_told_again or f.incident is not null then 'told again'
    end as excluded,
    t.resolved_at,
    m.promoted_at as next_promotion_at,
    least(t.resolved_at, m.promoted_at) as restored_at,
    case
        when least(t.resolved_at, m.promoted_at) >= t.started_at
            then unix_seconds(least(t.resolved_at, m.promoted_at)) - unix_seconds(t.started_at)
    end as restore_seconds
from trouble t
join owned_model o
  on o.model = t.model
join local_clock c
  on c.timezone = o.timezone
 and t.started_at >= c.from_at
 and t.started_at < c.until_at
left join followed f
  on f.incident = t.id
 and f.model = t.model
 and t.kind = 'incident'
left join mended m
  on m.id = t.id
 and m.model = t.model
