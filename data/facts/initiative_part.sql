-- One row is one part of what an initiative is worth or costs: a value of a file, a day of what bills say
-- of it, or a day that no final bill holds. What files say of its cost does not count where bills name
-- it. An amount is known only where all of them are in one currency.
with priced as (
    select
        initiative,
        team,
        day,
        max(currency) as currency,
        sum(cost) as cost,
        min(case when has_rates then 1 else 0 end) = 1 as has_rates
    from charged
    where initiative is not null
    group by
        initiative,
        team,
        day
),
span as (
    select
        initiative,
        team,
        min(day) as first_day,
        max(day) as last_day
    from priced
    group by
        initiative,
        team
),
currencies as (
    select count(distinct unit) as number
    from (
        select unit
        from imported_measure
        where name in ('initiative_value', 'initiative_cost')
        union
        select currency
        from priced
    ) told
),
open_day as (
    -- Bills of what has ended come late, and not for ever.
    select
        s.initiative,
        s.team,
        b.day,
        b.state,
        b.lacks
    from span s
    join billed_day b
      on b.day >= s.first_day
     and b.day < s.last_day + interval '35' day
    where b.state <> 'final'
),
told as (
    select
        m.id,
        m.source,
        m.url,
        m.title,
        m.measure,
        m.name,
        m.about,
        m.team,
        m.value,
        m.unit,
        case when c.number = 1 then m.value end as amount,
        'import' as told_by,
        case
            when m.name = 'initiative_cost' and b.initiative is not null then 'a bill tells it'
        end as excluded,
        cast(null as varchar) as lacking,
        m.from_at,
        m.until_at,
        m.note,
        m.happened_at
    from imported_measure m
    cross join currencies c
    left join (
        select distinct initiative
        from priced
    ) b
      on b.initiative = lower(m.about)
    where m.name in ('initiative_value', 'initiative_cost')
    union all
    select
        'bill@' || p.initiative || '@' || coalesce(p.team, '') || '@' || cast(p.day as varchar),
        null,
        null,
        'initiative_cost: ' || p.initiative,
        'initiative_cost: ' || p.initiative,
        'initiative_cost',
        p.initiative,
        p.team,
        cast(p.cost as double),
        p.currency,
        case when c.number = 1 then cast(p.cost as double) end,
        'bill',
        null,
        case when not p.has_rates then 'no rate' end,
        cast(p.day as timestamptz),
        cast(p.day as timestamptz) + interval '1' day,
        null,
        cast(p.day as timestamptz) + interval '12' hour
    from priced p
    cross join currencies c
    union all
    select
        'open@' || o.initiative || '@' || coalesce(o.team, '') || '@' || cast(o.day as varchar),
        null,
        null,
        'no final bill of ' || cast(o.day as varchar),
        'initiative_cost: ' || o.initiative,
        'initiative_cost',
        o.initiative,
        o.team,
        null,
        null,
        null,
        'bill',
        null,
        case o.state when 'provisional' then 'provisional' else 'not billed' end,
        cast(o.day as timestamptz),
        cast(o.day as timestamptz) + interval '1' day,
        o.lacks,
        cast(o.day as timestamptz) + interval '12' hour
    from open_day o
)
select
    t.*,
    case
        -- A day of a bill is that day on every clock.
        when t.told_by = 'bill' then cast(t.from_at as timestamp) + interval '12' hour
        else cast(t.happened_at as timestamp) + interval '1' second * c.offset_seconds
    end as local_at
from told t
join owned_measure o
  on o.measure = t.measure
 and o.team is not distinct from t.team
join local_clock c
  on c.timezone = o.timezone
 and t.happened_at >= c.from_at
 and t.happened_at < c.until_at
