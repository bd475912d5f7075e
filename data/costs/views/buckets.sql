-- One row is one billing month and bucket in one currency; all months that there are. Null: a bill
-- does not tell this cost.
with charged as (
    select
        billing_month,
        bucket,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount
    from charge_day
    where currency = $currency
      and ($cost = 'effective' or not is_estimate)
      and ($source is null or source = $source)
)
select
    billing_month,
    bucket,
    case when count(amount) = count(*) then sum(amount) end as amount
from charged
group by billing_month, bucket
order by billing_month, bucket
