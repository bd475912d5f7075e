-- One row is one outcome of one check on a dataset.
select
    k.id,
    k.source,
    k.url,
    coalesce(k.feature || ': ' || k.name, k.name) as title,
    o.dataset,
    o.team,
    k.pipeline,
    k.name,
    k.kind,
    k.feature,
    k.state,
    k.severity,
    k.failures,
    k.rows,
    k.value,
    k.threshold,
    k.data_at,
    k.invocation,
    k.checked_at,
    k.checked_at as happened_at,
    cast(k.checked_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    k.message
from data_check k
join owned_dataset o
  on o.dataset = coalesce(k.dataset, '(not told)')
join local_clock c
  on c.timezone = o.timezone
 and k.checked_at >= c.from_at
 and k.checked_at < c.until_at
where k.kind <> 'drift'
  and (k.dataset is not null or k.model is null)
