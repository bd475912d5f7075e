-- One row is one service in one environment that was ever deployed to, well or not.
select
    row_number() over (order by d.service, d.environment) as chain,
    d.service,
    d.environment,
    e.tier,
    o.team,
    o.timezone,
    o.repository,
    o.is_configured
from (
    select distinct
        service,
        environment
    from deployment
) d
join environment_tier e
  on e.environment = d.environment
join service_owner o
  on o.service = d.service
