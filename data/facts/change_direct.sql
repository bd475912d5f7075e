-- One row is one change that a step is known to hold, by a pick or by the head of its branch.
with picked as (
    -- A cherry-pick is in a commit of its own, and in the first tag of its release branch.
    select
        repository,
        picked_sha,
        sha
    from commit
    where picked_sha is not null
    union
    select
        p.repository,
        p.picked_sha,
        lower(v.sha) as sha
    from commit p
    join version v
      on v.repository = p.repository
     and v.name = p.first_version
    where p.picked_sha is not null
),
direct as (
    select
        c.ordinal,
        s.ordinal as deployment_ordinal,
        s.chain,
        'cherry-pick' as link_method
    from picked p
    join told_change c
      on c.repository = p.repository
     and c.landed_sha = p.picked_sha
    join deployment_step s
      on s.repository = p.repository
     and s.sha = p.sha
    union all
    select
        c.ordinal,
        s.ordinal,
        s.chain,
        'head commit'
    from deployment_step s
    join told_change c
      on c.repository = s.repository
     and c.position = s.head_position
    where s.head_position is not null
),
ranked as (
    select
        d.ordinal,
        r.route,
        d.deployment_ordinal,
        d.link_method,
        s.deployed_at,
        s.local_at,
        s.is_baseline,
        row_number() over (
            partition by d.ordinal, r.route
            order by s.deployed_at, d.deployment_ordinal, d.link_method
        ) as rank
    from direct d
    join deployment_step s
      on s.ordinal = d.deployment_ordinal
    join delivery_route r
      on r.chain = d.chain
     and r.repository = s.repository
)
select
    ordinal,
    route,
    deployment_ordinal,
    link_method,
    deployed_at,
    local_at,
    is_baseline
from ranked
where rank = 1
