-- One row is one day of one bill for infrastructure, with the part of its amount that falls on it:
-- a bill is spread evenly over the time it is for. The day counts at its noon.
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
)
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
    t.happened_on as happened_at,
    cast(t.happened_on as timestamp) + interval '1' second * c.offset_seconds as local_at
from cut t
join owned_measure o
  on o.measure = t.measure
 and o.team is not distinct from t.team
join local_clock c
  on c.timezone = o.timezone
 and t.happened_on >= c.from_at
 and t.happened_on < c.until_at
