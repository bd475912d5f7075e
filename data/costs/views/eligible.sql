-- One row is one service of which some usage is under a commitment: at list prices what is, what was
-- bought as it comes, and what no bill tells the pricing or the list price of. Usage at prices that
-- change by the hour, or free, could not be under one and is left out.
with usage as (
    select
        provider,
        service,
        list_cost,
        charges,
        list_charges,
        commitment = 'Used' as is_covered,
        commitment is null and pricing = 'Standard' as is_standard,
        commitment is null and pricing is null as is_untold
    from commitment_month
    where charge = 'Usage'
      and currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
)
select
    provider,
    service,
    coalesce(sum(list_cost) filter (where is_covered), 0) as covered,
    coalesce(sum(list_cost) filter (where is_standard), 0) as standard,
    cast(coalesce(sum(charges) filter (where is_untold), 0) as bigint) as untold_charges,
    cast(
        coalesce(sum(charges - list_charges) filter (where is_covered or is_standard), 0) as bigint
    ) as unpriced_charges
from usage
group by provider, service
having bool_or(is_covered)
order by covered desc, provider, service
