-- One row is what one source estimates of one account in one billing month and currency: nothing of it
-- is billed by that source. Null: not all of it is told.
select
    source,
    account,
    billing_month,
    currency,
    cast(sum(charges) as bigint) as charges,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as effective_cost
from charge_day
where is_estimate
  and ($month is null or billing_month = cast($month as date))
  and ($currency is null or currency = $currency)
  and ($source is null or source = $source)
group by source, account, billing_month, currency
order by billing_month desc, source, account, currency
