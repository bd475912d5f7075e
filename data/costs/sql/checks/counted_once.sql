-- One row is one account, billing period, invoice and currency: how often an amount of it counts, by
-- how many sources and how many times by the same lines.
with amounts as (
    select *, 'billed' as amount from bill_in_effect where tells_billed
    union all by name
    select *, 'effective' as amount from bill_in_effect where tells_effective
),
told as (
    select
        currency,
        account,
        cast(from_at as date) as billing_month,
        invoice,
        amount,
        count(distinct source) as sources,
        string_agg(distinct source, ', ' order by source) as names,
        count(*) > count(distinct load) as is_doubled
    from amounts
    group by all
)
select
    currency,
    account,
    billing_month,
    invoice,
    max(
        case
            when sources > 1 then 'told by ' || names
            when is_doubled then 'the same lines count twice'
        end
    ) as note,
    case when bool_or(sources > 1 or is_doubled) then 'broken' else 'holds' end as state
from told
group by currency, account, billing_month, invoice
