-- One row is one day (UTC) on which a version of a model served, and what was seen of it that day.
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
from model_served_day d
join owned_model o
  on o.model = d.model
join environment_tier e
  on e.environment = d.environment
join model_setting s
  on s.model = d.model
left join model_day_drift f
  on f.source = d.source
 and f.model = d.model
 and f.environment = d.environment
 and f.day = d.day
join model_day_measure n
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
where d.is_last
  and cast(cast(d.day as date) as timestamptz) + interval '1' day <= k.until_at
