-- One row is one time that a gate or an approval of a version was told to be given or not.
select
    r.meaning,
    e.source,
    e.model,
    e.version,
    e.id,
    e.occurred_after_at as told_after_at,
    e.occurred_before_at as told_at,
    e.value is not distinct from r.value as is_given,
    e.actor
from model_event e
join registry_ruling r
  on r.source = e.source
 and r.kind = e.kind
 and r.name = e.name
where r.meaning in ('gate', 'approval')
union all
select
    'gate',
    k.source,
    a.model,
    a.version,
    a.invocation,
    a.checked_at,
    a.checked_at,
    a.state <> 'fail',
    cast(null as varchar)
from gate_attempt a
cross join registry_known k
