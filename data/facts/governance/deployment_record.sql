-- One row is one attempt to deploy: who asked for it, who approved it, and what was deployed.
with guard as (
    select
        source,
        repository,
        environment,
        reviewers,
        required_approvals,
        is_self_approval_barred
    from environment_guard
)
select
    o.id,
    o.source,
    o.url,
    o.title,
    o.team,
    o.service,
    o.environment,
    o.tier,
    o.repository,
    o.sha,
    o.version,
    o.status,
    o.started_at,
    o.deployed_at,
    d.triggered_by,
    d.approved_by,
    d.run,
    o.position_method is not null as is_placed,
    a.position,
    coalesce(a.is_contained, false) as is_on_mainline,
    case
        when a.is_contained then 'mainline'
        when b.branch_position is not null and o.position_method is null then 'not yet landed'
        when o.position_method is not null and b.branch_position is null then 'off the mainline'
        when k.sha is not null and b.branch_position is null then 'off the mainline'
    end as commit_place,
    o.is_baseline,
    o.is_rollback,
    o.excluded,
    o.is_failed,
    o.is_watched,
    o.failure_reason,
    o.recovered_at,
    o.recovery_seconds,
    g.reviewers,
    g.required_approvals,
    g.is_self_approval_barred,
    o.happened_at,
    o.local_at
from deployment_outcome o
join told_deployment d
  on d.id = o.id
join deployment_attempt a
  on a.ordinal = d.ordinal
join deployment_commit b
  on b.ordinal = d.ordinal
left join (
    select distinct
        repository,
        sha
    from commit
    where not is_mainline
) k
  on k.repository = o.repository
 and k.sha = o.sha
left join guard g
  on g.source = o.source
 and g.repository = o.repository
 and g.environment = o.environment
