-- A span that ends before it begins.
select id
from change_delivery
where lead_seconds < 0
   or coding_seconds < 0
   or pickup_seconds < 0
   or review_seconds < 0
   or deploy_seconds < 0
union all
select id
from deployment_outcome
where recovery_seconds < 0
