-- One row is how many requests services of one team served in one month, by counters whose resets were
-- seen when they were read. While the value of a stretch is not known, the month is not.
select
    cast(date_trunc('month', i.from_at) as date) as month,
    coalesce(o.team, 'unowned') as team,
    sum(i.value) as amount,
    count(*) as rows,
    count_if(i.value is null) as unknown,
    0 as unfinished,
    string_agg(distinct i.source, ', ' order by i.source) as sources
from indicator i
left join service_owner o
  on o.service = i.service
where i.kind = 'requests'
group by all
