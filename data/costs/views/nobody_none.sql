-- One row is what there is where nobody has nothing: how many charges count, how many are estimates that do
-- not, since nothing of them is billed, and how many parts of those nobody has.
select
    cast(coalesce(sum(charges) filter (where not is_left_out), 0) as bigint) as charges,
    cast(coalesce(sum(charges) filter (where is_left_out), 0) as bigint) as estimates,
    cast(
        coalesce(sum(rows) filter (where is_left_out and bucket = 'unallocated'), 0) as bigint
    ) as estimates_of_nobody
from (select *, $cost = 'billed' and is_estimate as is_left_out from charge_day)
where ($month is null or billing_month = cast($month as date))
  and ($currency is null or currency = $currency)
  and ($source is null or source = $source)
