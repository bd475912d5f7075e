-- One row is one environment of one repository as it was last seen, and who guards it.
select
    e.id,
    e.source,
    e.url,
    e.repository || ' ' || e.name as title,
    coalesce(w.team, 'unowned') as team,
    e.repository,
    e.name as environment,
    coalesce(t.tier, e.tier) as tier,
    e.reviewers,
    e.required_approvals,
    e.is_self_approval_barred,
    e.wait_minutes,
    e.is_limited_to_protected_branches,
    e.observed_at as began_at,
    cast(null as timestamptz) as ended_at
from environment e
left join environment_tier t
  on t.environment = e.name
left join repository_owner w
  on w.repository = e.repository
