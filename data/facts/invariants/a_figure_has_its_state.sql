-- A span that a change's or deployment's state does not allow, or one that is missing.
select id
from change_delivery
where (state = 'delivered') <> (lead_seconds is not null)
   or (state in ('delivered', 'baseline', 'negative', 'no_commit_time') and deployment is null)
   or (state in ('waiting', 'no_deployment') and deployment is not null)
union all
select id
from deployment_outcome
where recovery_seconds is not null
  and not is_failed
