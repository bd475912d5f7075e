-- One row is one day (UTC) on which a model served and its drift was checked, and what was found.
--
-- Checks that name a version are about that one alone, if it served on that day.
with feature as (
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
)
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
from model_served_day d
join feature f
  on f.model = d.model
 and f.day = d.day
 and coalesce(f.version, d.version) = d.version
group by d.source, d.model, d.environment, d.day
