-- One row is one day (UTC) on which a version of a model served, and what was seen of it that day.
with served as (
    select
        s.source,
        s.model,
        s.environment,
        s.version,
        s.from_at,
        least(coalesce(s.until_at, k.until_at), k.until_at) as until_at
    from model_serving s
    join registry_known k
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
        version
    from (
        select
            *,
            row_number() over (
                partition by source, model, environment, day
                order by from_at desc
            ) as newest_first
        from (
            select
                *,
                each_day(
                    cast(from_at as date),
                    cast(until_at - interval '1' microsecond as date)
                ) as day
            from served
            where until_at > from_at
        ) days
    ) days
    where newest_first = 1
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
    -- What the metric was when the version was made: its newest value on the run that made it, for
    -- each kind of data it was measured on.
    select
        v.source,
        v.model,
        v.version,
        split_part(e.dataset, '@', 1) as role,
        newest_of(e.value, e.evaluated_at, e.id) as value,
        count(*) over (partition by v.source, v.model, v.version) as roles
    from model_version v
    join model_setting m
      on m.model = v.model
    join evaluation e
      on e.run = v.run
     and e.metric = m.metric
    where e.value is not null
    group by v.source, v.model, v.version, split_part(e.dataset, '@', 1)
),
told as (
    select
        e.id,
        e.model,
        e.version,
        e.evaluated_at,
        e.value,
        split_part(e.dataset, '@', 1) as role
    from evaluation e
    join model_setting m
      on m.model = e.model
     and m.metric = e.metric
    where e.run is null
      and e.value is not null
),
place as (
    select distinct
        source,
        model,
        environment
    from model_serving
),
moment as (
    -- A value that names no version is of the one that served when it was measured.
    select
        p.source,
        p.model,
        p.environment,
        t.id,
        t.version,
        t.evaluated_at as at_time,
        t.value,
        t.role
    from told t
    join place p
      on p.model = t.model
    union all
    select
        source,
        model,
        environment,
        null,
        version,
        from_at,
        null,
        null
    from model_serving
),
measured as (
    select
        *,
        case
            when version is null then max(case when id is null then at_time end) over (
                partition by source, model, environment
                order by at_time
            )
        end as served_from_at
    from moment
),
held as (
    -- A value holds for the day it was measured on and the six after it.
    select
        m.source,
        m.model,
        m.environment,
        coalesce(m.version, s.version) as version,
        m.id,
        m.at_time,
        m.value,
        m.role,
        each_day(cast(m.at_time as date), cast(m.at_time as date) + interval '6' day) as day
    from measured m
    left join model_serving s
      on s.source = m.source
     and s.model = m.model
     and s.environment = m.environment
     and s.from_at = m.served_from_at
    where m.id is not null
),
newest as (
    select
        d.source,
        d.model,
        d.environment,
        d.day,
        h.value,
        h.role,
        cast(h.at_time as date) as measured_on,
        row_number() over (
            partition by d.source, d.model, d.environment, d.day
            order by h.at_time desc, h.id desc
        ) as newest_first
    from day d
    join held h
      on h.source = d.source
     and h.model = d.model
     and h.environment = d.environment
     and h.version = d.version
     and h.day = d.day
),
against as (
    -- The value at training on the same kind of data, else on the only one there is.
    select
        d.source,
        d.model,
        d.environment,
        d.day,
        n.value,
        n.measured_on,
        max(b.roles) as roles,
        max(
            case
                when b.roles = 1 or b.role is not distinct from n.role then b.value
            end
        ) as baseline
    from day d
    left join newest n
      on n.source = d.source
     and n.model = d.model
     and n.environment = d.environment
     and n.day = d.day
     and n.newest_first = 1
    left join baseline b
      on b.source = d.source
     and b.model = d.model
     and b.version = d.version
    group by d.source, d.model, d.environment, d.day, n.value, n.measured_on
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
    n.baseline as baseline_value,
    n.value as measured_value,
    n.measured_on,
    case
        when s.metric is null then 'no metric named'
        when n.roles is null then 'no value at training'
        when n.value is null then 'not measured in seven days'
        when n.baseline is null then 'no value at training on such data'
        else 'known'
    end as performance_state,
    case
        when s.is_higher_better then n.value >= n.baseline - s.tolerance
        else n.value <= n.baseline + s.tolerance
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
join against n
  on n.source = d.source
 and n.model = d.model
 and n.environment = d.environment
 and n.day = d.day
left join model_proof p
  on p.source = d.source
 and p.model = d.model
 and p.version = d.version
left join registry_known k
  on k.source = d.source
where cast(cast(d.day as date) as timestamptz) + interval '1' day <= k.until_at
