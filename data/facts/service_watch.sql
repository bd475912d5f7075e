-- One row is one service in one environment, and between when its deployments are known.
with known as (
    -- As far as the stream that has been read furthest.
    select
        d.service,
        d.environment,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from told_deployment d
    join stream s
      on s.source = d.source
     and s.stream = d.stream
    group by d.service, d.environment
),
local_known as (
    select
        k.chain,
        u.until_at,
        cast(u.until_at as timestamp) + interval '1' second * c.offset_seconds as until_local_at
    from known u
    join delivery_chain k
      on k.service = u.service
     and k.environment = u.environment
    join local_clock c
      on c.timezone = k.timezone
     and u.until_at >= c.from_at
     and u.until_at < c.until_at
)
select
    k.service,
    k.environment,
    k.tier,
    k.team,
    min(s.deployed_at) as first_at,
    min(s.local_at) as first_local_at,
    max(s.deployed_at) as last_at,
    max(u.until_at) as until_at,
    max(u.until_local_at) as until_local_at
from deployment_step s
join delivery_chain k
  on k.chain = s.chain
left join local_known u
  on u.chain = s.chain
group by k.service, k.environment, k.tier, k.team
