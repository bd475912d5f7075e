-- One row is one attempt to deploy that ended, or one approval of it.
with told as (
    select
        d.*,
        t.observed_at
    from published.deployment_record d
    join deployment t
      on t.id = d.id
    where t.observed_at >= $since
      and d.status <> 'running'
)
select
    case
        when status <> 'success' then 'deployment.' || status
        when is_rollback then 'service.rolledback'
        when is_baseline then 'service.deployed'
        else 'service.upgraded'
    end as kind,
    id as key,
    cast(null as varchar) as person,
    id as subject,
    observed_at,
    deployed_at as happened_at,
    triggered_by as actor,
    title || ' in ' || environment as title,
    team,
    source,
    cast(null as varchar) as before,
    coalesce(version, sha) as after,
    url
from told
union all
select
    'deployment.approved',
    id,
    approver,
    id,
    observed_at,
    deployed_at,
    approver,
    title || ' in ' || environment,
    team,
    source,
    null,
    'approved',
    url
from (
    select
        *,
        each_of(approved_by) as approver
    from told
) approved
