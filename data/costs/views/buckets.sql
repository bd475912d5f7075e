-- One row is one billing month and bucket in one currency; all months that there are.
select
    billing_month,
    bucket,
    sum(case when $cost = 'billed' then billed_cost else effective_cost end) as amount
from charge_day
where currency = $currency
  and ($source is null or source = $source)
group by billing_month, bucket
order by billing_month, bucket
