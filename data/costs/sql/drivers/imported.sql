-- One row is what an imported measure says of one team in one month: the driver is called as the
-- measure.
select
    measure as driver,
    cast(date_trunc('month', from_at) as date) as month,
    team,
    sum(value) as amount,
    count(*) as rows,
    0 as unknown
from imported_value
where team is not null
group by all
