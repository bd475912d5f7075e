-- One row is one pipeline, and between when its runs are known.
with watched as (
    select
        pipeline_name(r.repository, r.pipeline) as pipeline,
        min(r.created_at) as first_at,
        max(r.created_at) as last_at,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from pipeline_run r
    join stream s
      on s.source = r.source
     and s.stream = r.stream
    group by pipeline_name(r.repository, r.pipeline)
)
select
    w.pipeline,
    cast(null as varchar) as environment,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join owned_pipeline o
  on o.pipeline = w.pipeline
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
join local_clock u
  on u.timezone = o.timezone
 and w.until_at >= u.from_at
 and w.until_at < u.until_at
