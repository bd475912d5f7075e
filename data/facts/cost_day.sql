-- One row is one day of what infrastructure costs: of what bills say of one team and provider, or of one
-- imported value, with the part of its amount that falls on the day. It counts at its noon, on every
-- clock. From its first charge to its last billed day each team and provider has a row for each day: on
-- a day without a charge it costs nothing, which is no reason to divide by fewer days. The amount is null
-- until a bill is final, and where a rate is missing. An imported value does not count on days that
-- bills are for.
with billed as (
    select
        *,
        cast(each_day(
            cast(from_at as date),
            cast(greatest(from_at, until_at - interval '1' microsecond) as date)
        ) as date) as day
    from imported_measure
    where name = 'infrastructure_cost'
),
cut as (
    select
        *,
        greatest(from_at, cast(day as timestamptz)) as part_from_at,
        least(until_at, cast(day as timestamptz) + interval '1' day) as part_until_at,
        cast(day as timestamptz) + interval '12' hour as happened_on
    from billed
),
imported as (
    select
        t.id || '@' || cast(t.day as varchar) as id,
        t.source,
        t.url,
        t.title,
        t.measure,
        t.name,
        t.about,
        t.team,
        t.value,
        t.unit,
        t.day,
        t.amount * (unix_seconds(t.part_until_at) - unix_seconds(t.part_from_at))
            / (t.held_days * 86400.0) as amount,
        t.from_at,
        t.until_at,
        t.note,
        'import' as told_by,
        case when b.day is not null then 'a bill tells it' end as excluded,
        cast(null as varchar) as lacking,
        t.happened_on as happened_at
    from cut t
    left join billed_day b
      on b.day = t.day
),
charged_day as (
    select
        provider,
        team,
        day,
        max(currency) as currency,
        sum(cost) as cost,
        min(case when has_rates then 1 else 0 end) = 1 as has_rates
    from charged
    group by
        provider,
        team,
        day
),
charged_span as (
    select
        provider,
        team,
        max(currency) as currency,
        min(day) as first_day
    from charged_day
    group by
        provider,
        team
),
charged_each as (
    select
        'infrastructure_cost: ' || s.provider as measure,
        s.provider,
        s.team,
        b.day,
        b.lacks,
        s.currency,
        case
            when b.state = 'none' then 'not billed'
            when b.state = 'provisional' then 'provisional'
            when not c.has_rates then 'no rate'
        end as lacking,
        case when c.day is null then 0 else c.cost end as cost
    from charged_span s
    join billed_day b
      on b.day >= s.first_day
    left join charged_day c
      on c.provider = s.provider
     and c.team is not distinct from s.team
     and c.day = b.day
),
told as (
    select *
    from imported
    union all
    select
        'bill@' || provider || '@' || coalesce(team, '') || '@' || cast(day as varchar),
        null,
        null,
        measure,
        measure,
        'infrastructure_cost',
        provider,
        team,
        cast(cost as double),
        currency,
        day,
        case when lacking is null then cast(cost as double) end,
        cast(day as timestamptz),
        cast(day as timestamptz) + interval '1' day,
        lacks,
        'bill',
        null,
        lacking,
        cast(day as timestamptz) + interval '12' hour
    from charged_each
)
select
    t.*,
    cast(t.day as timestamp) + interval '12' hour as local_at
from told t
