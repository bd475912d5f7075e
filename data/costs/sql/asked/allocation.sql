-- One row is what one team has, or nobody, of one currency in one bucket, of the
-- charges of a billing month, or of all.
select
    currency,
    bucket,
    team,
    pool,
    case when team is null then reason end as reason,
    cast(sum(rows) as bigint) as rows,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost
from charge_day
where $month is null
   or date_trunc('month', billing_month) = $month
group by all
order by currency, bucket, team, pool, reason
