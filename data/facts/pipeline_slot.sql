-- One row is one stretch of data that a pipeline had to process, and whether it did so in time.
with known as (
    select
        p.source,
        p.pipeline,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from (
        select distinct
            source,
            stream,
            pipeline_name(repository, pipeline) as pipeline
        from pipeline_run
    ) p
    join stream s
      on s.source = p.source
     and s.stream = p.stream
    group by p.source, p.pipeline
),
told as (
    select
        r.source,
        pipeline_name(r.repository, r.pipeline) as pipeline,
        r.slot_at,
        r.id,
        r.url,
        case
            when r.result = 'success' and not coalesce(r.is_backfill, false) then r.finished_at
        end as done_at,
        row_number() over (
            partition by r.source, r.repository, r.pipeline, r.slot_at
            order by r.attempt desc, r.id desc
        ) as newest
    from pipeline_run r
    join known k
      on k.source = r.source
     and k.pipeline = pipeline_name(r.repository, r.pipeline)
    left join (
        select
            source,
            pipeline,
            run
        from pipeline_outcome
        where excluded = 'told again'
    ) again
      on again.source = r.source
     and again.pipeline = pipeline_name(r.repository, r.pipeline)
     and again.run = r.run
    where r.slot_at <= k.until_at
      and again.run is null
      and coalesce(r.event, '') not in ('manual', 'api')
),
run_slot as (
    select
        source,
        pipeline,
        slot_at,
        min(done_at) as done_at,
        min(case when newest = 1 then url end) as url,
        min(id) as run
    from told
    group by source, pipeline, slot_at
),
step as (
    select
        *,
        unix_seconds(slot_at) - unix_seconds(lag(slot_at) over (
            partition by source, pipeline
            order by slot_at
        )) as step_seconds
    from run_slot
),
usual as (
    -- How long the steps of a pipeline are most often.
    select
        source,
        pipeline,
        step_seconds
    from (
        select
            source,
            pipeline,
            step_seconds,
            row_number() over (
                partition by source, pipeline
                order by count(*) desc, step_seconds
            ) as place
        from step
        where step_seconds is not null
        group by source, pipeline, step_seconds
    ) counted
    where place = 1
),
rhythm as (
    -- Regular pipelines: nine of ten steps between their stretches are as long as the usual one.
    select
        s.source,
        s.pipeline,
        u.step_seconds
    from step s
    join usual u
      on u.source = s.source
     and u.pipeline = s.pipeline
    join pipeline_setting e
      on e.pipeline = s.pipeline
    where s.step_seconds is not null
      and u.step_seconds >= 60
    group by s.source, s.pipeline, u.step_seconds
    having count(*) >= 5
       and avg(case when s.step_seconds = u.step_seconds then 1.0 else 0.0 end) >= 0.9
),
stopped as (
    -- Pipelines that are switched off: nothing is due after their last stretch.
    select
        source,
        pipeline_name(repository, name) as pipeline
    from pipeline
    group by source, pipeline_name(repository, name)
    having bool_and(coalesce(not is_active, false))
),
gap as (
    -- From the stretch before a gap to the one after it, or to the end of what is known, and how many
    -- stretches lie between. Clocks that turn make a step an hour longer or shorter.
    select
        source,
        pipeline,
        after_at,
        step_seconds,
        case
            when next_at is not null
                then cast(round(span_seconds * 1.0 / step_seconds) as bigint) - 1
            when is_stopped then 0
            else cast(floor(span_seconds * 1.0 / step_seconds) as bigint)
        end as missing
    from (
        select
            f.*,
            unix_seconds(coalesce(f.next_at, f.until_at)) - unix_seconds(f.after_at)
                as span_seconds
        from (
            select
                s.source,
                s.pipeline,
                s.slot_at as after_at,
                lead(s.slot_at) over (
                    partition by s.source, s.pipeline
                    order by s.slot_at
                ) as next_at,
                k.until_at,
                x.pipeline is not null as is_stopped,
                r.step_seconds
            from run_slot s
            join rhythm r
              on r.source = s.source
             and r.pipeline = s.pipeline
            join known k
              on k.source = s.source
             and k.pipeline = s.pipeline
            left join stopped x
              on x.source = s.source
             and x.pipeline = s.pipeline
        ) f
    ) spans
),
missing as (
    select
        source,
        pipeline,
        after_at,
        step_seconds,
        each_number(1, missing + 1) as step
    from gap
    where missing > 0
),
slot as (
    select
        source,
        pipeline,
        slot_at,
        done_at,
        url,
        run,
        true as has_run
    from run_slot
    union all
    select
        source,
        pipeline,
        after_at + interval '1' second * (step * step_seconds),
        null,
        null,
        null,
        false
    from missing
)
select
    s.source || ':' || s.pipeline || '@' || cast(s.slot_at as varchar) as id,
    s.source,
    s.url,
    s.pipeline || ' ' || cast(cast(s.slot_at as timestamp) as varchar) as title,
    s.pipeline,
    o.team,
    s.slot_at,
    s.slot_at + interval '1' second * e.freshness_seconds as due_at,
    s.done_at,
    s.has_run,
    s.slot_at as happened_at,
    cast(s.slot_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    case
        when e.pipeline is null then 'nothing agreed'
        when s.slot_at + interval '1' second * e.freshness_seconds > k.until_at then 'not due'
    end as excluded,
    s.done_at <= s.slot_at + interval '1' second * e.freshness_seconds
        and s.done_at is not null as is_met,
    case
        when s.done_at is not null then unix_seconds(s.done_at) - unix_seconds(s.slot_at)
    end as delay_seconds
from slot s
join owned_pipeline o
  on o.pipeline = s.pipeline
join local_clock c
  on c.timezone = o.timezone
 and s.slot_at >= c.from_at
 and s.slot_at < c.until_at
join known k
  on k.source = s.source
 and k.pipeline = s.pipeline
left join pipeline_setting e
  on e.pipeline = s.pipeline
