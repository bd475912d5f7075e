-- A change that appears more than once for a service and environment.
select
    id,
    count(*)
from change_delivery
group by id
having count(*) > 1
