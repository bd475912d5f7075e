-- One row is one attempt of a pipeline's run, as one source tells it. An attempt of another source
-- is the same if it began and ended within a minute of it, and had the same result: who knows its end
-- tells it. Two that one source tells are two.
with attempt as (
    select
        id,
        source,
        pipeline_name(repository, pipeline) as pipeline,
        result,
        started_at,
        case when finished_at >= started_at then finished_at end as finished_at,
        floor(epoch(started_at) / 60) as minute
    from pipeline_run
    where started_at is not null
),
ranked as (
    select
        *,
        case when finished_at is null then '1' else '0' end || source as teller
    from attempt
),
looked_for as (
    -- In the minute in which it began, and in those beside it.
    select
        *,
        unnest([minute - 1, minute, minute + 1]) as near_minute
    from ranked
    where pipeline in (
        select pipeline
        from attempt
        group by pipeline
        having count(distinct source) > 1
    )
),
again as (
    select distinct
        b.id,
        b.source
    from looked_for b
    join ranked a
      on a.pipeline = b.pipeline
     and a.minute = b.near_minute
     and a.source <> b.source
     and a.teller < b.teller
    where abs(epoch(a.started_at) - epoch(b.started_at)) <= 60
      and coalesce(abs(epoch(a.finished_at) - epoch(b.finished_at)) <= 60, true)
      and (a.result = b.result or 'running' in (a.result, b.result))
)
select
    cast(date_trunc('month', r.started_at) as date) as month,
    o.team,
    r.source,
    epoch(r.finished_at - r.started_at) / 60.0 as minutes,
    r.result = 'running' and r.finished_at is null as is_unfinished
from ranked r
join owned_pipeline o
  on o.pipeline = r.pipeline
anti join again g
  on g.id = r.id
 and g.source = r.source
