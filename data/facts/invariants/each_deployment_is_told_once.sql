-- A deployment attempt that appears more than once.
select
    id,
    count(*)
from deployment_outcome
group by id
having count(*) > 1
