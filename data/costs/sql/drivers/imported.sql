-- One row is what an imported measure says of one team in one month: the driver is called as the
-- measure. What it says of a team that there is not was used as well, and by nobody.
select
    v.measure as driver,
    cast(date_trunc('month', v.from_at) as date) as month,
    coalesce(t.team, 'unowned') as team,
    sum(v.value) as amount,
    count(*) as rows,
    0 as unknown,
    0 as unfinished,
    string_agg(distinct v.source, ', ' order by v.source) as sources
from imported_value v
left join team t
  on t.team = v.team
where v.team is not null
group by all
