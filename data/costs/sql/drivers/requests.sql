-- One row is how many requests services of one team served in one month, by counters whose resets were
-- seen when they were read. A stretch without a value is not known, and counts as nothing.
select
    cast(date_trunc('month', i.from_at) as date) as month,
    coalesce(o.team, 'unowned') as team,
    sum(i.value) as amount,
    count(*) as rows,
    count(*) filter (where i.value is null) as unknown
from indicator i
left join service_owner o
  on o.service = i.service
where i.kind = 'requests'
group by all
