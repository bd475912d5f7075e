-- One row is one part of what units of delivery cost, or one of these units: `cost` is what a day
-- cost for them, `whole` all that the team cost on that day and the part of it that tells what it was
-- for, `unit` what was delivered. Bills tell days, which stand on every clock as they are; what was
-- delivered has the day of its team's clock. A unit counts if charges are for such units in the same
-- month, of its team or of nobody: else its cost is not told, and it would make the others look cheap.
with named as (
    select 'cost_per_deployment' as name, 'build' as activity
    union all
    select 'cost_per_pipeline_run', 'data'
    union all
    select 'cost_per_promoted_model', 'training'
    union all
    select 'cost_per_thousand_inferences', 'serving'
    union all
    select 'cost_per_incident', 'operation'
),
delivered as (
    select
        'cost_per_deployment' as name,
        id,
        url,
        title,
        team,
        service as thing,
        happened_at,
        local_at,
        1.0 as units,
        -- Where nobody watches, what was not seen to fail is not known to have held.
        case when is_failed then 0.0 when is_watched then 1.0 end as successes,
        true as is_measured
    from deployment_outcome
    where excluded is null
      and tier = 'production'
    union all
    select
        'cost_per_pipeline_run',
        id,
        url,
        title,
        team,
        pipeline,
        happened_at,
        local_at,
        1.0,
        case when result = 'success' then 1.0 else 0.0 end,
        true
    from pipeline_outcome
    where kind = 'data'
      and result in ('success', 'failure')
      and coalesce(excluded, 'backfill') = 'backfill'
    union all
    select
        'cost_per_promoted_model',
        id,
        url,
        title,
        team,
        model,
        happened_at,
        local_at,
        1.0,
        1.0,
        true
    from model_promotion
    where excluded is null
      and tier = 'production'
    union all
    select
        'cost_per_thousand_inferences',
        id,
        url,
        title,
        team,
        service,
        happened_at,
        local_at,
        coalesce(value, 0) / 1000.0,
        coalesce(value, 0) / 1000.0,
        value is not null and known_seconds >= 0.9 * asked_seconds
    from indicator_day
    where kind = 'requests'
      and tier = 'production'
    union all
    select
        'cost_per_incident',
        id,
        url,
        title,
        team,
        service,
        happened_at,
        local_at,
        1.0,
        1.0,
        true
    from incident_record
    where tier = 'production'
),
known_thing as (
    -- Two that differ by case alone are one: each would have the whole cost.
    select
        name,
        lower(thing) as folded,
        min(thing) as thing
    from delivered
    where thing is not null
    group by
        name,
        lower(thing)
),
costed as (
    select
        n.name,
        c.day,
        c.team,
        coalesce(k.thing, c.subject) as thing,
        c.currency,
        sum(c.cost) as cost,
        min(case when c.has_rates then 1 else 0 end) = 1 as has_rates
    from charged c
    join named n
      on n.activity = c.activity
    left join known_thing k
      on k.name = n.name
     and k.folded = lower(c.subject)
    group by
        n.name,
        c.day,
        c.team,
        coalesce(k.thing, c.subject),
        c.currency
),
named_thing as (
    select distinct
        name,
        thing
    from costed
    where thing is not null
),
month_of as (
    select distinct
        name,
        team,
        cast(date_trunc('month', day) as date) as month
    from costed
),
whole as (
    select
        day,
        team,
        min(currency) as currency,
        min(case when has_rates then 1 else 0 end) = 1 as has_rates,
        sum(greatest(cost, 0)) as whole_cost,
        sum(case when activity is not null then greatest(cost, 0) else 0 end) as told_cost
    from charged
    group by
        day,
        team
),
told as (
    select
        'cost' as side,
        c.name,
        c.name || '@' || cast(c.day as varchar) || '@' || coalesce(c.team, '')
            || '@' || coalesce(c.thing, '') as id,
        cast(null as varchar) as url,
        'cost of ' || cast(c.day as varchar) as title,
        c.team,
        c.thing,
        cast(c.day as timestamptz) + interval '12' hour as happened_at,
        c.day,
        c.currency,
        c.cost,
        cast(null as decimal(38, 12)) as told_cost,
        cast(null as decimal(38, 12)) as whole_cost,
        cast(null as double) as units,
        cast(null as double) as successes,
        true as is_measured,
        c.has_rates,
        true as is_costed
    from costed c
    union all
    select
        'whole',
        n.name,
        n.name || '@' || cast(w.day as varchar) || '@' || coalesce(w.team, '') || '@whole',
        null,
        'all cost of ' || cast(w.day as varchar),
        w.team,
        null,
        cast(w.day as timestamptz) + interval '12' hour,
        w.day,
        w.currency,
        null,
        case when w.has_rates then w.told_cost end,
        case when w.has_rates then w.whole_cost end,
        null,
        null,
        true,
        w.has_rates,
        true
    from whole w
    cross join named n
    union all
    select
        'unit',
        d.name,
        d.name || '@' || d.id,
        d.url,
        d.title,
        d.team,
        t.thing,
        d.happened_at,
        cast(d.local_at as date),
        null,
        null,
        null,
        null,
        d.units,
        d.successes,
        d.is_measured,
        true,
        m.name is not null or nobody.name is not null
    from delivered d
    left join named_thing t
      on t.name = d.name
     and lower(t.thing) = lower(d.thing)
    left join month_of m
      on m.name = d.name
     and m.team = d.team
     and m.month = cast(date_trunc('month', d.local_at) as date)
    left join month_of nobody
      on nobody.name = d.name
     and nobody.team is null
     and nobody.month = cast(date_trunc('month', d.local_at) as date)
    where exists (select 1 from charged)
)
select
    *,
    name || coalesce(': ' || coalesce(thing, team), '') as measure
from told
