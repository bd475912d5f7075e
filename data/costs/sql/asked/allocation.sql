-- One row is what one team has, or nobody, of one currency in one bucket, of the
-- charges of a billing month, or of all. Null: a bill does not tell that cost, or all of them are
-- estimates, of which nothing is billed.
select
    currency,
    bucket,
    team,
    pool,
    case when team is null then reason end as reason,
    cast(sum(rows) as bigint) as rows,
    cast(coalesce(sum(rows) filter (where is_estimate), 0) as bigint) as estimates,
    cast(coalesce(sum(charges) filter (where is_estimate), 0) as bigint) as estimated_charges,
    case
        when count_if(not is_estimate and billed_cost is null) = 0
            then sum(billed_cost) filter (where not is_estimate)
    end as billed_cost,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as effective_cost
from charge_day
where $month is null
   or date_trunc('month', billing_month) = $month
group by all
order by currency, bucket, team, pool, reason
