-- One row is what pipelines of one team ran in one month, in minutes: each attempt counts, as it
-- used a machine whatever came of it. A run that two sources tell of counts once.
with attempt as (
    select
        pipeline_name(repository, pipeline) as pipeline,
        started_at,
        min(case when finished_at >= started_at then finished_at end) as finished_at
    from pipeline_run
    where started_at is not null
    group by all
)
select
    cast(date_trunc('month', a.started_at) as date) as month,
    o.team,
    sum(epoch(a.finished_at - a.started_at) / 60.0) as amount,
    count(*) as rows,
    count(*) filter (where a.finished_at is null) as unknown
from attempt a
join owned_pipeline o
  on o.pipeline = a.pipeline
group by all
