-- One row is one currency: what our cost is, and what of it nobody has, of so many parts of charges. What is
-- excluded is not ours, and of an estimate nothing is billed. Null: a bill does not tell that cost, or
-- nothing of it is there.
select
    currency,
    cast(sum(rows) as bigint) as effective_rows,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as effective,
    case
        when count_if(bucket = 'unallocated' and effective_cost is null) = 0
            then coalesce(sum(effective_cost) filter (where bucket = 'unallocated'), 0)
    end as effective_unallocated,
    cast(coalesce(sum(rows) filter (where not is_estimate), 0) as bigint) as billed_rows,
    case
        when count_if(not is_estimate and billed_cost is null) = 0
            then sum(billed_cost) filter (where not is_estimate)
    end as billed,
    case
        when count_if(not is_estimate and bucket = 'unallocated' and billed_cost is null) = 0
            then coalesce(
                sum(billed_cost) filter (where not is_estimate and bucket = 'unallocated'), 0
            )
    end as billed_unallocated
from charge_day
where bucket <> 'excluded'
  and ($month is null or billing_month = cast($month as date))
  and ($currency is null or currency = $currency)
  and ($source is null or source = $source)
group by currency
order by currency
