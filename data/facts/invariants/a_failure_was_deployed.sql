-- A failed deployment that never ran, or that is left out of the count it is a share of.
select id
from deployment_outcome
where is_failed
  and excluded is not null
