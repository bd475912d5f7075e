-- One row is one dataset, and between when its checks are known.
with watched as (
    select
        coalesce(k.dataset, '(not told)') as dataset,
        min(k.checked_at) as first_at,
        max(k.checked_at) as last_at,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from data_check k
    join stream s
      on s.source = k.source
     and s.stream = k.stream
    where k.kind <> 'drift'
      and (k.dataset is not null or k.model is null)
    group by coalesce(k.dataset, '(not told)')
)
select
    w.dataset,
    cast(null as varchar) as environment,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join owned_dataset o
  on o.dataset = w.dataset
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
join local_clock u
  on u.timezone = o.timezone
 and w.until_at >= u.from_at
 and w.until_at < u.until_at
