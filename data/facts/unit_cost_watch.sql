-- One row is one measure of what units cost, of one owner, and since when bills tell of it.
select
    u.measure,
    u.name,
    cast(null as varchar) as environment,
    u.team,
    min(u.happened_at) as first_at,
    min(u.local_at) as first_local_at,
    max(u.happened_at) as last_at,
    cast(null as timestamptz) as until_at,
    cast(null as timestamp) as until_local_at
from unit_cost u
where u.side in ('cost', 'whole')
group by
    u.measure,
    u.name,
    u.team
