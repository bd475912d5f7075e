-- One row is one version of a model whose gate was ever tried, and how that went first and last.
with outcome as (
    -- One outcome for each time the gates of a version were tried: the worst of their checks.
    select
        model,
        version,
        invocation,
        max(checked_at) as checked_at,
        min(url) as url,
        min(source) as source,
        bool_or(state = 'fail') as is_failed,
        bool_or(state = 'warn') as is_warned
    from data_check
    where model is not null
      and version is not null
      and kind in ('gate', 'test')
      and state in ('pass', 'warn', 'fail')
    group by model, version, invocation
),
gate as (
    select
        model,
        version,
        min(source) as source,
        count(*) as attempts,
        arg_min(url, (checked_at, invocation)) as url,
        arg_min(
            case
                when is_failed then 'fail'
                when is_warned then 'warn'
                else 'pass'
            end,
            (checked_at, invocation)
        ) as first_state,
        min(checked_at) as first_at,
        max(case when not is_failed then checked_at end) as passed_at,
        max(case when is_failed then checked_at end) as failed_at
    from outcome
    group by model, version
)
select
    g.source || ':' || g.model || '@' || g.version as id,
    g.source,
    g.url,
    g.model || ' ' || g.version as title,
    g.model,
    g.version,
    'production' as environment,
    'production' as tier,
    o.team,
    g.attempts,
    g.first_state as first_gate_state,
    g.first_at as first_gate_at,
    g.passed_at as gate_passed_at,
    g.failed_at as gate_failed_at,
    g.first_at as happened_at,
    cast(g.first_at as timestamp) + interval '1' second * c.offset_seconds as local_at
from gate g
join owned_model o
  on o.model = g.model
join local_clock c
  on c.timezone = o.timezone
 and g.first_at >= c.from_at
 and g.first_at < c.until_at
