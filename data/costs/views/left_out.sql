-- One row is one rule that lets nobody have what it catches, with why.
select
    bucket,
    rule,
    reason,
    cast(sum(rows) as bigint) as rows,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost
from charge_day
where bucket in ('excluded', 'unallocatable')
  and currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
group by bucket, rule, reason
order by bucket, abs(sum(effective_cost)) desc, rule
