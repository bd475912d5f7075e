-- One row is one change that one deployment was the first to bring to its environment.
select
    d.id as deployment,
    c.id as change,
    r.service,
    r.environment
from change_arrival a
join told_change c
  on c.ordinal = a.ordinal
join delivery_route r
  on r.route = a.route
join told_deployment d
  on d.ordinal = a.deployment_ordinal
where a.state = 'delivered'
