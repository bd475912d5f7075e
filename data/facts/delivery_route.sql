-- One row is one way of a repository's changes of a service into an environment.
with pair as (
    select distinct
        service,
        repository
    from change_service
),
way as (
    select
        p.service,
        p.repository,
        k.environment,
        k.tier,
        k.chain
    from pair p
    join delivery_chain k
      on k.service = p.service
    union all
    -- Who never deployed to production still has changes that production waits for.
    select
        p.service,
        p.repository,
        'production',
        'production',
        null
    from pair p
    where p.service not in (
        select service
        from delivery_chain
        where 'production' in (tier, environment)
    )
),
stepped as (
    select
        chain,
        max(position) is not null as has_places,
        max(case when position is null then deployed_at end) as unplaced_at
    from deployment_step
    group by chain
),
placed as (
    select distinct
        chain,
        repository
    from deployment_step
    where position is not null
)
select
    row_number() over (order by w.service, w.repository, w.environment) as route,
    w.service,
    w.repository,
    w.environment,
    w.tier,
    o.team,
    o.timezone,
    w.chain,
    -- By place on the mainline; by time where no deployment of the service there has a place.
    case
        when p.chain is not null then 'place'
        when not s.has_places then 'time'
    end as measure,
    s.unplaced_at
from way w
join owned_service o
  on o.service = w.service
left join stepped s
  on s.chain = w.chain
left join placed p
  on p.chain = w.chain
 and p.repository = w.repository
