-- One row is one service with its repository, its owner and the owner's time zone.
select
    o.service,
    o.repository,
    o.path,
    o.team,
    o.timezone,
    o.pattern,
    s.url
from service_owner o
left join (
    select
        name,
        min(url) as url
    from service
    group by name
) s
  on s.name = o.service
