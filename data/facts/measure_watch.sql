-- One row is one measure of one owner, and between when files or bills tell of it.
with moment as (
    select
        measure,
        name,
        team,
        happened_at
    from imported_measure
    union all
    select
        measure,
        name,
        team,
        happened_at
    from cost_day
    where told_by = 'bill'
    union all
    select
        measure,
        name,
        team,
        happened_at
    from initiative_part
    where told_by = 'bill'
),
watched as (
    select
        m.measure,
        m.name,
        m.team,
        min(m.happened_at) as first_at,
        max(m.happened_at) as last_at
    from moment m
    group by
        m.measure,
        m.name,
        m.team
)
select
    w.measure,
    w.name,
    cast(null as varchar) as environment,
    w.team,
    w.first_at,
    cast(w.first_at as timestamp) + interval '1' second * f.offset_seconds as first_local_at,
    w.last_at,
    cast(null as timestamptz) as until_at,
    cast(null as timestamp) as until_local_at
from watched w
join owned_measure o
  on o.measure = w.measure
 and o.team is not distinct from w.team
join local_clock f
  on f.timezone = o.timezone
 and w.first_at >= f.from_at
 and w.first_at < f.until_at
