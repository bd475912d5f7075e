-- One row is one measure of one owner that files or bills tell of. Without a team it is the
-- organisation's, and no team's: totals count it, and no team is held to it.
select
    told.measure,
    cast(null as varchar) as url,
    told.team,
    coalesce(t.timezone, s.timezone) as timezone,
    cast(null as varchar) as pattern
from (
    select
        v.measure || coalesce(': ' || coalesce(v.about, v.team), '') as measure,
        case when v.team is not null then coalesce(known.team, 'unowned') end as team
    from imported_value v
    left join team known
      on known.team = v.team
    union
    select
        'infrastructure_cost: ' || provider,
        team
    from charged
    union
    select
        'initiative_cost: ' || initiative,
        team
    from charged
    where initiative is not null
    union
    select
        measure,
        team
    from unit_part
) told
cross join setting s
left join team t
  on t.team = told.team
