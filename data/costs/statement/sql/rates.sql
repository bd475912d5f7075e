-- One row is one currency of the bills, and the last rate of it in the currency of reporting on or
-- before a day, no more than 7 days older.
with asked as (
    select distinct
        currency as base,
        reporting_currency as quote,
        cast($day as date) as asked
    from charge_rate
    where reporting_currency is not null
)
select
    a.base,
    a.quote,
    a.asked,
    case when a.base = a.quote then a.asked when a.asked - r.day <= 7 then r.day end as day,
    case when a.base = a.quote then 1 when a.asked - r.day <= 7 then r.rate end as rate,
    case when a.asked - r.day <= 7 then r.source end as source
from asked a
asof left join rate r
  on r.base = a.base
 and r.quote = a.quote
 and r.day <= a.asked
order by a.base
