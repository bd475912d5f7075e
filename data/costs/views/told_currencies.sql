-- One row is one currency of the bills: what of it is ours, and what that is in the currency of
-- reporting; null where a rate is missing, or a bill does not tell this cost.
with charged as (
    select
        currency,
        reporting_currency,
        rate,
        day,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount,
        case when $cost = 'billed' then reporting_billed else reporting_effective end as reported
    from charge_day
    where bucket <> 'excluded'
      and ($cost = 'effective' or not is_estimate)
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
      and ($team is null or list_contains(cast($team as varchar[]), team))
)
select
    currency,
    any_value(reporting_currency) as reporting_currency,
    case when count(amount) = count(*) then sum(amount) end as amount,
    case when count(reported) = count(*) then sum(reported) end as reported,
    min(rate) as least_rate,
    max(rate) as most_rate
from charged
group by currency
order by amount desc nulls last, currency
