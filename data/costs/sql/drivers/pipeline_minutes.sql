-- One row is what pipelines of one team ran in one month, in minutes: each attempt counts, as it
-- used a machine whatever came of it. What two sources tell of the same moment counts once, as the
-- one tells it that tells more.
with told as (
    select
        pipeline_name(repository, pipeline) as pipeline,
        started_at,
        source,
        count(*) as attempts,
        count(*) filter (where finished_at is null or finished_at < started_at) as unknown,
        sum(case when finished_at >= started_at then epoch(finished_at - started_at) / 60.0 end)
            as minutes
    from pipeline_run
    where started_at is not null
    group by all
),
once as (
    select
        pipeline,
        started_at,
        unnest(max(struct_pack(attempts, minutes, unknown, source)))
    from told
    group by pipeline, started_at
)
select
    cast(date_trunc('month', a.started_at) as date) as month,
    o.team,
    sum(a.minutes) as amount,
    sum(a.attempts) as rows,
    sum(a.unknown) as unknown
from once a
join owned_pipeline o
  on o.pipeline = a.pipeline
group by all
