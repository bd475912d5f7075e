-- One row is one local day of one objective of a service: how much of its budget of errors it used.
--
-- The budget is what the target allows to go wrong: 1 - target of all events, or of the time where
-- events are not counted. A burn rate is what went wrong by what was allowed to, in the same
-- stretch: at 1 a budget is used up just when its window ends (Google, "The Site Reliability
-- Workbook", chapter 5, "Alerting on SLOs").
with measured as (
    select
        *,
        case
            when min(case when value is null or total is not null then 1 else 0 end) over (
                partition by source, service, environment, name
            ) = 1 then 'events'
            else 'seconds'
        end as counted_in
    from indicator_day
    where kind = 'objective'
),
weighed as (
    select
        *,
        case
            when value is null then null
            when counted_in = 'events' then total
            else known_seconds
        end as weight
    from measured
),
stretch as (
    -- Several series of one objective in the same stretch count by their weights.
    select
        source,
        service,
        environment,
        tier,
        team,
        name,
        about,
        counted_in,
        from_at,
        until_at,
        happened_at,
        local_at,
        max(url) as url,
        max(target) as target,
        sum(weight) as counted,
        sum((1 - value) * weight) as bad,
        sum(case when target < 1 then (1 - value) * weight end) as bad_of_budget,
        sum(case when target < 1 then (1 - target) * weight end) as allowed,
        avg(known_seconds) as known_seconds,
        unix_seconds(until_at) - unix_seconds(from_at) as stretch_seconds
    from weighed
    group by
        source,
        service,
        environment,
        tier,
        team,
        name,
        about,
        counted_in,
        from_at,
        until_at,
        happened_at,
        local_at
),
within_day as (
    -- The hour and the six hours that end with a stretch: only where stretches fill them evenly, and
    -- where half of them was measured.
    select
        *,
        case
            when min(case when mod(3600, nullif(stretch_seconds, 0)) = 0 then 1 else 0 end)
                over hour = 1
             and sum(stretch_seconds) over hour >= 3600
             and sum(known_seconds) over hour >= 1800
                then sum(bad_of_budget) over hour / nullif(sum(allowed) over hour, 0)
        end as burn_1h,
        case
            when min(case when mod(21600, nullif(stretch_seconds, 0)) = 0 then 1 else 0 end)
                over six_hours = 1
             and sum(stretch_seconds) over six_hours >= 21600
             and sum(known_seconds) over six_hours >= 10800
                then sum(bad_of_budget) over six_hours / nullif(sum(allowed) over six_hours, 0)
        end as burn_6h
    from stretch
    window hour as (
        partition by source, service, environment, name
        order by unix_seconds(until_at)
        range between 3599 preceding and current row
    ),
    six_hours as (
        partition by source, service, environment, name
        order by unix_seconds(until_at)
        range between 21599 preceding and current row
    )
),
of_day as (
    select
        source,
        service,
        environment,
        tier,
        team,
        name,
        about,
        counted_in,
        cast(local_at as date) as day,
        unix_seconds(cast(cast(local_at as date) as timestamp)) as day_seconds,
        max(happened_at) as happened_at,
        max(local_at) as local_at,
        max(url) as url,
        max(target) as target,
        sum(counted) as counted,
        sum(bad) as bad,
        sum(bad_of_budget) as bad_of_budget,
        sum(allowed) as allowed,
        sum(known_seconds) as known_seconds,
        max(burn_1h) as burn_rate_1h,
        max(burn_6h) as burn_rate_6h
    from within_day
    group by
        source,
        service,
        environment,
        tier,
        team,
        name,
        about,
        counted_in,
        cast(local_at as date)
)
select
    source || ':' || service || '/' || environment || '#' || name || '@' || cast(day as varchar)
        as id,
    source,
    url,
    name as title,
    service,
    environment,
    tier,
    team,
    name,
    about,
    day,
    target,
    counted_in,
    counted,
    bad,
    allowed,
    1 - bad / nullif(counted, 0) as good_share,
    cast(least(known_seconds, 86400) as bigint) as known_seconds,
    bad_of_budget / nullif(allowed, 0) as burn_rate,
    burn_rate_1h,
    burn_rate_6h,
    case
        when sum(least(known_seconds, 86400)) over three_days >= 129600
            then sum(bad_of_budget) over three_days / nullif(sum(allowed) over three_days, 0)
    end as burn_rate_3d,
    sum(least(known_seconds, 86400)) over thirty_days / 2592000.0 as window_known,
    case
        when sum(least(known_seconds, 86400)) over thirty_days >= 1296000
            then 1 - sum(bad_of_budget) over thirty_days / nullif(sum(allowed) over thirty_days, 0)
    end as budget_left,
    happened_at,
    local_at
from of_day
window three_days as (
    partition by source, service, environment, name
    order by day_seconds
    range between 172800 preceding and current row
),
thirty_days as (
    partition by source, service, environment, name
    order by day_seconds
    range between 2505600 preceding and current row
)
