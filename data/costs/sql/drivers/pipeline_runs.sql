-- One row is how many attempts pipelines of one team made in one month. A run that two sources tell
-- of counts once.
with attempt as (
    select distinct
        pipeline_name(repository, pipeline) as pipeline,
        started_at
    from pipeline_run
    where started_at is not null
)
select
    cast(date_trunc('month', a.started_at) as date) as month,
    o.team,
    count(*) as amount,
    count(*) as rows,
    0 as unknown
from attempt a
join owned_pipeline o
  on o.pipeline = a.pipeline
group by all
