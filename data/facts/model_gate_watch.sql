-- One row is one model whose gates are ever told, and between when they are known.
with watched as (
    select
        k.model,
        min(k.checked_at) as first_at,
        max(k.checked_at) as last_at,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from data_check k
    join stream s
      on s.source = k.source
     and s.stream = k.stream
    where k.model is not null
      and k.version is not null
      and k.kind in ('gate', 'test')
    group by k.model
)
select
    w.model,
    'production' as environment,
    'production' as tier,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join owned_model o
  on o.model = w.model
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
join local_clock u
  on u.timezone = o.timezone
 and w.until_at >= u.from_at
 and w.until_at < u.until_at
