-- One row is one day (UTC) on which a version of a model served, and what was seen of it that day.
with known as (
    select
        source,
        max(coalesce(complete_until, read_at)) as until_at
    from stream
    where (source, stream) in (
        select
            source,
            stream
        from model_event
    )
    group by source
),
served as (
    select
        s.source,
        s.model,
        s.environment,
        s.version,
        s.from_at,
        least(coalesce(s.until_at, k.until_at), k.until_at) as until_at
    from model_serving s
    join known k
      on k.source = s.source
    where s.version is not null
),
day as (
    -- The version that served last on a day stands for it.
    select
        source,
        model,
        environment,
        day,
        arg_max(version, from_at) as version
    from (
        select
            *,
            unnest(generate_series(
                cast(from_at as date),
                cast(until_at - interval '1' microsecond as date),
                interval '1' day
            )) as day
        from served
        where until_at > from_at
    ) days
    group by source, model, environment, day
),
feature as (
    -- A feature that fails once on a day has drifted on it.
    select
        model,
        version,
        cast(checked_at as date) as day,
        feature,
        bool_or(state = 'fail') as is_drifted,
        min(url) as url
    from data_check
    where kind = 'drift'
      and model is not null
      and state in ('pass', 'warn', 'fail')
    group by model, version, cast(checked_at as date), feature
),
drift as (
    -- Checks that name a version are about that one alone.
    select
        d.source,
        d.model,
        d.environment,
        d.day,
        count(distinct f.feature) as features,
        count(distinct case when f.is_drifted then f.feature end) as drifted,
        bool_or(f.feature is null and f.is_drifted) as is_told_drifted,
        bool_or(f.feature is null and not f.is_drifted) as is_told_steady,
        min(f.url) as url
    from day d
    join feature f
      on f.model = d.model
     and f.day = d.day
     and coalesce(f.version, d.version) = d.version
    group by d.source, d.model, d.environment, d.day
),
baseline as (
    -- What the metric was when the version was made: its newest value on the run that made it.
    select
        v.source,
        v.model,
        v.version,
        arg_max(e.value, (e.evaluated_at, e.id)) as value
    from model_version v
    join model_setting m
      on m.model = v.model
    join evaluation e
      on e.run = v.run
     and e.metric = m.metric
     and e.value is not null
    group by v.source, v.model, v.version
),
measured as (
    select
        e.model,
        e.version,
        cast(e.evaluated_at as date) as day,
        arg_max(e.value, (e.evaluated_at, e.id)) as value
    from evaluation e
    join model_setting m
      on m.model = e.model
     and m.metric = e.metric
    where e.run is null
      and e.value is not null
    group by e.model, e.version, cast(e.evaluated_at as date)
),
held as (
    -- A value holds for the day it was measured on and the six after it.
    select
        model,
        version,
        day as measured_on,
        value,
        unnest(generate_series(day, day + interval '6' day, interval '1' day)) as day
    from measured
),
newest as (
    select
        d.source,
        d.model,
        d.environment,
        d.day,
        arg_max(h.value, (h.measured_on, coalesce(h.version, ''))) as value,
        max(h.measured_on) as measured_on
    from day d
    join held h
      on h.model = d.model
     and h.day = d.day
     and coalesce(h.version, d.version) = d.version
    group by d.source, d.model, d.environment, d.day
)
select
    d.source || ':' || d.model || '/' || d.environment || '@' || cast(cast(d.day as date) as varchar) as id,
    d.source,
    coalesce(f.url, o.url) as url,
    d.model || ' ' || d.version as title,
    d.model,
    d.version,
    d.environment,
    e.tier,
    o.team,
    cast(d.day as timestamp) + interval '12' hour as local_at,
    cast(cast(d.day as date) as timestamptz) + interval '12' hour as happened_at,
    f.model is not null as is_monitored,
    f.features as monitored_features,
    f.drifted as drifted_features,
    case
        when f.is_told_drifted then true
        when f.is_told_steady then false
        when f.features > 0 then f.drifted * 2 >= f.features
    end as is_drifted,
    s.metric,
    b.value as baseline_value,
    n.value as measured_value,
    cast(n.measured_on as date) as measured_on,
    case
        when s.metric is null then 'no metric named'
        when b.value is null then 'no value at training'
        when n.value is null then 'not measured in seven days'
        else 'known'
    end as performance_state,
    case
        when s.is_higher_better then n.value >= b.value - s.tolerance
        else n.value <= b.value + s.tolerance
    end as is_held,
    p.trained_at,
    s.retrain_seconds,
    unix_seconds(cast(cast(d.day as date) as timestamptz) + interval '1' day)
        - unix_seconds(p.trained_at) as age_seconds,
    unix_seconds(cast(cast(d.day as date) as timestamptz) + interval '1' day)
        - unix_seconds(p.trained_at) <= s.retrain_seconds as is_fresh
from day d
join owned_model o
  on o.model = d.model
join environment_tier e
  on e.environment = d.environment
join model_setting s
  on s.model = d.model
left join drift f
  on f.source = d.source
 and f.model = d.model
 and f.environment = d.environment
 and f.day = d.day
left join baseline b
  on b.source = d.source
 and b.model = d.model
 and b.version = d.version
left join newest n
  on n.source = d.source
 and n.model = d.model
 and n.environment = d.environment
 and n.day = d.day
left join model_proof p
  on p.source = d.source
 and p.model = d.model
 and p.version = d.version
left join known k
  on k.source = d.source
where cast(cast(d.day as date) as timestamptz) + interval '1' day <= k.until_at
