-- One row is one thing that one kind of row tells of, in one environment, and between when it does.
--
-- What `pipeline_watch`, `dataset_watch`, `alert_watch`, `objective_watch` and `utilisation_watch` have
-- in common: the first and the last time, how far the sources are read that ever told of it, its
-- owner, the tier of the environment, and both ends by the owner's clock.
with told as (
    select
        'pipeline' as kind,
        pipeline_name(repository, pipeline) as thing,
        cast(null as varchar) as environment,
        source,
        stream,
        min(created_at) as first_at,
        max(created_at) as last_at
    from pipeline_run
    group by
        pipeline_name(repository, pipeline),
        source,
        stream
    union all
    select
        'dataset',
        coalesce(dataset, '(not told)'),
        null,
        source,
        stream,
        min(checked_at),
        max(checked_at)
    from data_check
    where kind <> 'drift'
      and (dataset is not null or model is null)
    group by
        coalesce(dataset, '(not told)'),
        source,
        stream
    union all
    select
        'alert',
        coalesce(service, '(not told)'),
        coalesce(environment, 'production'),
        source,
        stream,
        min(started_at),
        max(started_at)
    from alert
    group by
        coalesce(service, '(not told)'),
        coalesce(environment, 'production'),
        source,
        stream
    union all
    select
        kind,
        coalesce(service, '(not told)'),
        coalesce(environment, 'production'),
        source,
        stream,
        min(from_at),
        max(from_at)
    from indicator
    group by
        kind,
        coalesce(service, '(not told)'),
        coalesce(environment, 'production'),
        source,
        stream
),
watched as (
    select
        t.kind,
        t.thing,
        t.environment,
        min(t.first_at) as first_at,
        max(t.last_at) as last_at,
        max(coalesce(s.complete_until, s.read_at)) as until_at
    from told t
    join stream s
      on s.source = t.source
     and s.stream = t.stream
    group by t.kind, t.thing, t.environment
),
owner as (
    select
        'pipeline' as subject,
        pipeline as thing,
        team,
        timezone
    from owned_pipeline
    union all
    select
        'dataset',
        dataset,
        team,
        timezone
    from owned_dataset
    union all
    select
        'service',
        service,
        team,
        timezone
    from service_owner
)
select
    w.kind,
    w.thing,
    w.environment,
    e.tier,
    o.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    w.until_at,
    cast(w.until_at as timestamp) + interval '1' second * u.offset_seconds as until_local_at
from watched w
join owner o
  on o.thing = w.thing
 and o.subject = case when w.kind in ('pipeline', 'dataset') then w.kind else 'service' end
left join environment_tier e
  on e.environment = w.environment
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
join local_clock u
  on u.timezone = o.timezone
 and w.until_at >= u.from_at
 and w.until_at < u.until_at
