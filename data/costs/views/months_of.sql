-- One row is what one bucket had in one billing month: in the currency that is asked for, or in that
-- of reporting; null where a rate is missing.
with charged as (
    select
        billing_month,
        bucket,
        rows,
        $reporting and rate is null as is_lacking,
        case
            when $reporting and $cost = 'billed' then reporting_billed
            when $reporting then reporting_effective
            when $cost = 'billed' then billed_cost
            else effective_cost
        end as amount
    from charge_day
    where ($currency is null or currency = $currency)
      and ($source is null or source = $source)
      and ($team is null or team = $team)
)
select
    billing_month,
    bucket,
    cast(sum(rows) as bigint) as rows,
    case when count_if(is_lacking) = 0 then sum(amount) end as amount
from charged
group by all
order by billing_month, bucket
