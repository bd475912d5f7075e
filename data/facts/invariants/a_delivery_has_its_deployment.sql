-- A delivered change whose deployment is unknown or of another service or environment.
select d.id
from change_delivery d
left join deployment_outcome o
  on o.id = d.deployment
 and o.service = d.service
 and o.environment = d.environment
 and o.status = 'success'
where d.state in ('delivered', 'baseline', 'negative')
  and o.id is null
