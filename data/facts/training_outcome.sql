-- One row is one training run: how it ended, and whether what it made came to serve production.
with made as (
    select
        run,
        min(model) as model
    from model_version
    where run is not null
    group by run
),
experiment as (
    -- Runs that made nothing belong to the one model that their experiment makes, if it is one.
    select
        t.source,
        t.experiment,
        min(m.model) as model
    from training_run t
    join made m
      on m.run = t.id
    group by t.source, t.experiment
    having count(distinct m.model) = 1
),
promoted as (
    select
        run,
        min(promoted_at) as promoted_at
    from model_promotion
    where tier = 'production'
      and run is not null
    group by run
),
first_read as (
    -- When a registry was first read; when a version was made is told whenever that is.
    select
        source,
        min(occurred_before_at) as first_at
    from model_event
    where kind <> 'created'
    group by source
),
began as (
    -- What served a model before it was first read is not known.
    select
        source,
        model,
        min(promoted_at) as known_since
    from model_promotion
    where tier = 'production'
      and is_baseline
    group by source, model
),
run as (
    select
        t.id,
        t.source,
        t.url,
        t.name,
        t.experiment,
        t.result,
        t.started_at,
        t.finished_at,
        coalesce(t.finished_at, t.started_at) as happened_at,
        coalesce(m.model, e.model, '(not told)') as model,
        m.run is not null as has_version,
        p.promoted_at,
        coalesce(b.known_since, f.first_at) as known_since,
        k.until_at
    from training_run t
    left join made m
      on m.run = t.id
    left join experiment e
      on e.source = t.source
     and e.experiment = t.experiment
    left join promoted p
      on p.run = t.id
    left join began b
      on b.source = t.source
     and b.model = m.model
    left join first_read f
      on f.source = t.source
    left join registry_known k
      on k.source = t.source
)
select
    r.id,
    r.source,
    coalesce(r.url, o.url) as url,
    r.experiment || ' ' || r.name as title,
    r.model,
    r.experiment,
    'production' as environment,
    'production' as tier,
    o.team,
    r.result,
    r.started_at,
    r.finished_at,
    r.happened_at,
    cast(r.happened_at as timestamp) + interval '1' second * c.offset_seconds as local_at,
    case
        when r.finished_at >= r.started_at
            then unix_seconds(r.finished_at) - unix_seconds(r.started_at)
    end as run_seconds,
    case
        when r.result = 'running' or r.finished_at is null then 'not ended'
        when r.result not in ('success', 'failure') then 'not judged'
        when r.finished_at + interval '30' day > r.until_at then 'not thirty days old'
    end as excluded,
    r.result = 'failure' as is_failed,
    r.has_version,
    r.promoted_at,
    case
        when r.until_at is null then null
        when r.promoted_at <= r.finished_at + interval '30' day then true
        when r.has_version and r.finished_at < r.known_since then null
        else false
    end as is_promoted
from run r
join owned_model o
  on o.model = r.model
join local_clock c
  on c.timezone = o.timezone
 and r.happened_at >= c.from_at
 and r.happened_at < c.until_at
