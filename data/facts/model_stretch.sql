-- One row is one stretch for which a version of a model served an environment, and how it began.
select
    s.source,
    s.model,
    s.environment,
    e.tier,
    s.version,
    s.version_before,
    g.occurred_after_at as began_after_at,
    s.from_at as began_at,
    s.until_at as ended_at,
    g.rule,
    g.actor,
    g.url,
    coalesce(p.is_rollback, false) as is_rollback,
    coalesce(p.is_baseline, false) as is_baseline,
    p.is_failed,
    p.failure_reason,
    p.failure_url
from model_serving s
join environment_tier e
  on e.environment = s.environment
join model_pointing g
  on g.id = s.pointing
 and g.environment = s.environment
left join model_promotion p
  on p.id = s.pointing || '@' || s.environment
where s.version is not null
