-- One row is one stretch for which a version of a model served an environment, and how it began.
select
    s.source,
    s.model,
    s.environment,
    e.tier,
    s.version,
    s.version_before,
    s.after_at as began_after_at,
    s.from_at as began_at,
    s.until_at as ended_at,
    s.rule,
    s.actor,
    s.url,
    coalesce(p.is_rollback, false) as is_rollback,
    coalesce(p.is_baseline, false) as is_baseline,
    p.is_failed,
    p.failure_reason,
    p.failure_url
from model_serving s
join environment_tier e
  on e.environment = s.environment
left join model_promotion p
  on p.source = s.source
 and p.model = s.model
 and p.environment = s.environment
 and p.promoted_at = s.from_at
where s.version is not null
