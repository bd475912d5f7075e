-- One row is one currency: what our cost is, and what of it nobody has. What is excluded is not ours.
select
    currency,
    sum(effective_cost) as effective,
    sum(effective_cost) filter (where bucket = 'unallocated') as effective_unallocated,
    sum(billed_cost) as billed,
    sum(billed_cost) filter (where bucket = 'unallocated') as billed_unallocated
from charge_day
where bucket <> 'excluded'
  and ($month is null or billing_month = cast($month as date))
  and ($currency is null or currency = $currency)
  and ($source is null or source = $source)
group by currency
order by currency
