-- One row is how many attempts pipelines of one team made in one month. What two sources tell of the
-- same moment counts once, as the one tells it that tells more.
with told as (
    select
        pipeline_name(repository, pipeline) as pipeline,
        started_at,
        source,
        count(*) as attempts
    from pipeline_run
    where started_at is not null
    group by all
),
once as (
    select
        pipeline,
        started_at,
        max(attempts) as attempts
    from told
    group by pipeline, started_at
)
select
    cast(date_trunc('month', a.started_at) as date) as month,
    o.team,
    sum(a.attempts) as amount,
    sum(a.attempts) as rows,
    0 as unknown
from once a
join owned_pipeline o
  on o.pipeline = a.pipeline
group by all
