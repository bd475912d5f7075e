-- One row is one version of a model whose gate was ever tried, and how that went first and last.
with gate as (
    select
        model,
        version,
        min(source) as source,
        count(*) as attempts,
        oldest_of(url, checked_at, invocation) as url,
        oldest_of(state, checked_at, invocation) as first_state,
        min(checked_at) as first_at,
        max(case when state <> 'fail' then checked_at end) as passed_at,
        max(case when state = 'fail' then checked_at end) as failed_at
    from gate_attempt
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
