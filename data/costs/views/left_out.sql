-- One row is one rule that lets nobody have what it catches, with why. Null: a bill does not tell that
-- cost, or all of it is estimated, so that nothing of it is billed.
select
    bucket,
    rule,
    reason,
    cast(sum(rows) as bigint) as rows,
    case
        when count_if(not is_estimate and billed_cost is null) = 0
            then sum(billed_cost) filter (where not is_estimate)
    end as billed_cost,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as effective_cost
from charge_day
where bucket in ('excluded', 'unallocatable')
  and currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
group by bucket, rule, reason
order by bucket, abs(sum(effective_cost)) desc nulls last, rule
