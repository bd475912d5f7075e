-- One row is one value of a file. It counts on the last day that it holds for, at noon: a day that
-- was written without a clock is the same day in every zone.
with told as (
    select
        v.*,
        v.measure || coalesce(': ' || coalesce(v.about, v.team), '') as full_name,
        case when v.team is not null then coalesce(known.team, 'unowned') end as owner,
        -- What is set against each other must be in one currency.
        case when v.measure like 'initiative\_%' escape '\' then 'initiative' else v.measure end
            as together,
        greatest(v.from_at, v.until_at - interval '12' hour) as last_at
    from imported_value v
    left join team known
      on known.team = v.team
),
units as (
    select
        together,
        min(unit) as unit
    from told
    group by together
    having count(distinct unit) = 1
)
select
    t.id,
    t.source,
    t.url,
    t.full_name as title,
    t.full_name as measure,
    t.measure as name,
    t.about,
    t.owner as team,
    t.value,
    t.unit,
    case
        when lower(t.unit) in ('fraction', 'share') and t.value between 0 and 1 then t.value
    end as share,
    case when lower(t.unit) in ('seconds', 's') and t.value >= 0 then t.value end as seconds,
    case when u.unit is not null then t.value end as amount,
    (unix_seconds(t.until_at) - unix_seconds(t.from_at)) / 86400.0 as held_days,
    t.from_at,
    t.until_at,
    t.note,
    t.last_at as happened_at,
    cast(t.last_at as timestamp) + interval '1' second * c.offset_seconds as local_at
from told t
join owned_measure o
  on o.measure = t.full_name
 and o.team is not distinct from t.owner
join local_clock c
  on c.timezone = o.timezone
 and t.last_at >= c.from_at
 and t.last_at < c.until_at
left join units u
  on u.together = t.together
