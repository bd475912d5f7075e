-- One row is one incident with the deployment it is put down to, or why there is none.
with described as (
    select
        i.*,
        o.team,
        coalesce(e.tier, 'production') as tier
    from incident i
    left join owned_service o
      on o.service = i.service
    left join environment_tier e
      on e.environment = i.environment
    where not i.is_withdrawn
),
named as (
    -- What the source names as the cause: a deployment that changed what runs.
    select
        i.id,
        d.id as deployment
    from incident i
    join told_deployment t
      on t.id = i.deployment
    left join deployment_told_again a
      on a.ordinal = t.ordinal
    join deployment_step s
      on s.ordinal = coalesce(a.standing, t.ordinal)
    join told_deployment d
      on d.ordinal = s.ordinal
),
hit as (
    -- The chains of the service in the environment it hit; where there is none, in its tier.
    select
        i.id,
        i.started_at,
        k.chain
    from described i
    join delivery_chain k
      on k.service = i.service
     and k.environment = i.environment
    union all
    select
        i.id,
        i.started_at,
        k.chain
    from described i
    join delivery_chain k
      on k.service = i.service
     and k.tier = i.tier
    left join delivery_chain own
      on own.service = i.service
     and own.environment = i.environment
    where own.chain is null
),
sequence as (
    select
        row_number() over (order by chain, deployed_at, ordinal) as place,
        ordinal,
        chain,
        deployed_at
    from deployment_step
    where chain in (
        select chain
        from hit
    )
),
swept as (
    -- The last step up to the start of the incident, the very moment included.
    select
        id,
        started_at,
        last(place ignore nulls) over (
            partition by chain
            order by started_at, id nulls first
            rows between unbounded preceding and current row
        ) as place
    from (
        select
            id,
            chain,
            started_at,
            cast(null as bigint) as place
        from hit
        union all
        select
            null,
            chain,
            deployed_at,
            place
        from sequence
    ) mixed
),
latest as (
    select
        w.id,
        s.ordinal,
        unix_seconds(w.started_at) - unix_seconds(s.deployed_at)
            <= t.incident_gap_seconds as is_near,
        row_number() over (
            partition by w.id
            order by s.deployed_at desc, s.ordinal desc
        ) as rank
    from swept w
    join sequence s
      on s.place = w.place
    cross join setting t
    where w.id is not null
),
timed as (
    select
        l.id,
        d.id as deployment,
        l.is_near
    from latest l
    join told_deployment d
      on d.ordinal = l.ordinal
    where l.rank = 1
)
select
    i.id,
    i.source,
    i.url,
    i.title,
    i.severity,
    i.service,
    i.environment,
    i.tier,
    i.team,
    i.started_at,
    case when i.resolved_at >= i.started_at then i.resolved_at end as resolved_at,
    i.reopened_count,
    case
        when n.deployment is not null then n.deployment
        when c.id is not null then c.deployment
        when t.is_near then t.deployment
    end as deployment,
    case
        when n.deployment is not null then 'named by the source'
        when c.deployment is not null then 'commit named by the source'
        when c.id is null and t.is_near then 'time'
    end as link_method,
    case
        when n.deployment is not null then null
        when c.id is not null then c.unlinked_reason
        when t.is_near then null
        when i.service is null then 'no service'
        when t.deployment is not null then 'deployment too old'
        else 'before the first deployment'
    end as unlinked_reason
from described i
left join named n
  on n.id = i.id
left join incident_commit c
  on c.id = i.id
left join timed t
  on t.id = i.id
