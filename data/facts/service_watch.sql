-- One row is one service in one environment, and since when its deployments are known.
select
    k.service,
    k.environment,
    k.tier,
    k.team,
    min(s.deployed_at) as first_at,
    min(s.local_at) as first_local_at,
    max(s.deployed_at) as last_at
from deployment_step s
join delivery_chain k
  on k.chain = s.chain
group by k.service, k.environment, k.tier, k.team
