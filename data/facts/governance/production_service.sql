-- One row is one service that was ever deployed to production, since its first deployment there.
with deployed as (
    select
        service,
        max(source) as source,
        max(url) as url,
        min(deployed_at) as first_at,
        max(deployed_at) as last_at
    from deployment_outcome
    where tier = 'production'
      and excluded is null
    group by service
)
select
    'service:' || d.service as id,
    d.source,
    d.url,
    d.service as title,
    s.team,
    s.repository,
    d.service,
    d.last_at as deployed_at,
    d.first_at as began_after_at,
    d.first_at as began_at,
    cast(null as timestamptz) as ended_at
from deployed d
join owned_service s
  on s.service = d.service
