-- One row is one part of what units of delivery cost, one of these units, or a day that no final bill
-- holds: of such a day nobody knows what it cost, and it is not free. A unit counts by its team's
-- clock; a day of a bill is that day on every clock.
with day_span as (
    select
        measure,
        name,
        team,
        min(day) as first_day
    from unit_part
    group by
        measure,
        name,
        team
),
billed_span as (
    select
        min(day) as first_day,
        max(day) as last_day
    from billed_day
),
unfinished as (
    select
        day,
        state,
        lacks
    from billed_day
    where state <> 'final'
    union all
    -- The last day before bills begin, and the first after they end, stand for all beyond.
    select
        cast(first_day - interval '1' day as date),
        'none',
        'before the first bill'
    from billed_span
    where first_day is not null
    union all
    select
        cast(last_day + interval '1' day as date),
        'none',
        'after the last bill'
    from billed_span
    where last_day is not null
),
open_day as (
    select
        s.measure,
        s.name,
        s.team,
        u.day,
        u.state,
        u.lacks
    from day_span s
    cross join unfinished u
),
told as (
    select
        p.id,
        p.url,
        p.title,
        p.side,
        p.measure,
        p.name,
        p.team,
        p.thing as about,
        p.day,
        p.currency,
        cast(p.cost as double) as cost,
        cast(p.told_cost as double) as told_cost,
        cast(p.whole_cost as double) as whole_cost,
        case when p.is_costed and p.is_measured then p.units end as units,
        case when p.is_costed and p.is_measured then p.successes end as successes,
        p.is_costed,
        case
            when coalesce(b.state, 'none') = 'none' then 'not billed'
            when b.state = 'provisional' then 'provisional'
            when not p.has_rates then 'no rate'
            when not p.is_measured then 'not measured'
        end as lacking,
        b.lacks,
        p.happened_at
    from unit_part p
    left join billed_day b
      on b.day = p.day
    union all
    select
        o.measure || '@' || coalesce(o.team, '') || '@' || cast(o.day as varchar) || '@' || o.state,
        null,
        'no final bill of ' || cast(o.day as varchar),
        'open',
        o.measure,
        o.name,
        o.team,
        null,
        o.day,
        null,
        null,
        null,
        null,
        null,
        null,
        true,
        case o.state when 'provisional' then 'provisional' else 'not billed' end,
        o.lacks,
        cast(o.day as timestamptz) + interval '12' hour
    from open_day o
)
select
    t.*,
    case
        when t.side = 'unit'
            then cast(t.happened_at as timestamp) + interval '1' second * c.offset_seconds
        else cast(t.day as timestamp) + interval '12' hour
    end as local_at
from told t
join owned_measure o
  on o.measure = t.measure
 and o.team is not distinct from t.team
join local_clock c
  on c.timezone = o.timezone
 and t.happened_at >= c.from_at
 and t.happened_at < c.until_at
