-- One row is one run of a pipeline, as its last attempt ended, and when a failure was mended.
with attempt as (
    select
        *,
        row_number() over (
            partition by source, repository, pipeline, run
            order by attempt desc, id
        ) as newest,
        max(attempt) over (partition by source, repository, pipeline, run) as attempts
    from pipeline_run
),
ended as (
    select
        a.id,
        a.source,
        a.url,
        pipeline_name(a.repository, a.pipeline) as pipeline,
        a.run,
        a.kind,
        a.event,
        a.branch,
        a.sha,
        a.definition,
        a.result,
        a.attempts,
        a.retried_tasks,
        a.is_backfill,
        a.slot_at,
        a.started_at,
        a.finished_at,
        coalesce(a.finished_at, a.started_at, a.created_at) as happened_at,
        -- Who knows what is a backfill, and for which stretch it ran, goes before who does not.
        case when a.is_backfill is null then '1' else '0' end
            || case when a.slot_at is null then '1' else '0' end
            || a.source as teller,
        case
            when coalesce(a.is_backfill, false) then 'backfill'
            when a.kind = 'delivery' and a.event like 'pull_request%' then 'not on the mainline'
            when a.kind = 'delivery' and a.branch <> r.default_branch then 'not on the mainline'
            when a.result = 'running' then 'running'
            when a.result in ('cancelled', 'skipped') then a.result
        end as left_out
    from attempt a
    left join (
        select
            name,
            min(default_branch) as default_branch
        from repository
        group by name
    ) r
      on r.name = a.repository
    where a.newest = 1
),
compared as (
    select
        *,
        min(teller) over (
            partition by pipeline
            order by unix_seconds(started_at)
            range between 60 preceding and 60 following
        ) as first_teller,
        floor(unix_seconds(started_at) / 60) as minute
    from ended
),
looked_for as (
    -- In the minute in which a run began, and in those beside it.
    select
        *,
        minute as near_minute
    from compared
    where teller <> first_teller
    union all
    select
        *,
        minute - 1
    from compared
    where teller <> first_teller
    union all
    select
        *,
        minute + 1
    from compared
    where teller <> first_teller
),
again as (
    -- A run that another source tells as well: it began and ended within the same minute, with the
    -- same result. Sources call one run differently.
    select distinct
        b.id,
        b.source
    from looked_for b
    join compared a
      on a.pipeline = b.pipeline
     and a.teller = b.first_teller
     and a.source <> b.source
     and a.minute = b.near_minute
    where abs(unix_seconds(a.started_at) - unix_seconds(b.started_at)) <= 60
      and coalesce(abs(unix_seconds(a.finished_at) - unix_seconds(b.finished_at)) <= 60, true)
      and (a.result = b.result or 'running' in (a.result, b.result))
),
told as (
    select
        e.*,
        case when g.id is not null then 'told again' else e.left_out end as excluded
    from ended e
    left join again g
      on g.id = e.id
     and g.source = e.source
),
followed as (
    select
        id,
        source,
        lag(result) over chain as result_before,
        min(case when result = 'success' then happened_at end) over (
            partition by source, pipeline
            order by happened_at, id
            rows between 1 following and unbounded following
        ) as mended_at
    from told
    where excluded is null
    window chain as (
        partition by source, pipeline
        order by happened_at, id
    )
)
select
    t.id,
    t.source,
    t.url,
    t.pipeline || ' ' || t.run as title,
    t.pipeline,
    o.team,
    t.run,
    t.kind,
    t.event,
    t.branch,
    t.sha,
    t.definition,
    t.result,
    t.attempts,
    t.retried_tasks,
    case
        when t.result <> 'success' then null
        when t.attempts > 1 or t.retried_tasks > 0 then true
        when t.retried_tasks = 0 or t.kind = 'delivery' then false
    end as is_flaky,
    t.slot_at,
    t.started_at,
    t.finished_at,
    t.happened_at,
    cast(t.happened_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    t.excluded,
    case
        when t.finished_at >= t.started_at
            then unix_seconds(t.finished_at) - unix_seconds(t.started_at)
    end as duration_seconds,
    t.excluded is null and t.result = 'failure'
        and coalesce(f.result_before, 'success') <> 'failure' as is_first_failure,
    case when t.result = 'failure' then f.mended_at end as mended_at,
    case
        when t.result = 'failure' then unix_seconds(f.mended_at) - unix_seconds(t.happened_at)
    end as recovery_seconds
from told t
join owned_pipeline o
  on o.pipeline = t.pipeline
join local_clock c
  on c.timezone = o.timezone
 and t.happened_at >= c.from_at
 and t.happened_at < c.until_at
left join followed f
  on f.id = t.id
 and f.source = t.source
