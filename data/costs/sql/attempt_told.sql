-- One row is one attempt of a pipeline's run that has begun, as one source tells it. It may be one that
-- another source tells too if another row of its pipeline began within a minute of it.
with attempt as (
    select
        id,
        source,
        pipeline_name(repository, pipeline) as pipeline,
        result,
        started_at,
        case when finished_at >= started_at then finished_at end as finished_at
    from pipeline_run
    where started_at is not null
),
several as (
    -- One row is one pipeline that several sources tell of.
    select pipeline
    from attempt
    group by pipeline
    having count(distinct source) > 1
)
select
    a.*,
    s.pipeline is not null
        and (
            coalesce(epoch(a.started_at - lag(a.started_at) over begun) <= 60, false)
            or coalesce(epoch(lead(a.started_at) over begun - a.started_at) <= 60, false)
        ) as may_be_again
from attempt a
left join several s
  on s.pipeline = a.pipeline
window begun as (partition by a.pipeline order by a.started_at)
