-- One row is one organisation or group at its host, with its settings as they were last seen.
select
    o.id,
    o.source,
    o.url,
    o.name as title,
    cast(null as varchar) as team,
    o.name,
    o.is_two_factor_required,
    o.default_right,
    o.default_workflow_right,
    o.is_workflow_approval_allowed,
    o.plan,
    o.observed_at as began_at,
    cast(null as timestamptz) as ended_at
from organisation o
