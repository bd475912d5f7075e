-- One row is one account, billing period, invoice and currency: how often an amount of it counts, by
-- how many sources tell of the account and period, and how many times by the same lines.
with amounts as (
    select *, 'billed' as amount from bill_in_effect where tells_billed
    union all by name
    select *, 'effective' as amount from bill_in_effect where tells_effective
),
tellers as (
    -- One source may tell the invoice, and another may not: they tell of the same charges.
    select
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        amount,
        count(distinct source) as sources,
        string_agg(distinct source, ', ' order by source) as names
    from amounts
    group by all
),
told as (
    select
        currency,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        invoice,
        amount,
        count(*) > count(distinct (load, until_at)) as is_doubled
    from amounts
    group by all
)
select
    t.currency,
    t.account,
    t.billing_month,
    t.invoice,
    max(
        case
            when s.sources > 1 then 'told by ' || s.names
            when t.is_doubled then 'the same lines count twice'
        end
    ) as note,
    case when bool_or(s.sources > 1 or t.is_doubled) then 'broken' else 'holds' end as state
from told t
join tellers s
  on s.account = t.account
 and s.billing_month = t.billing_month
 and s.amount = t.amount
group by t.currency, t.account, t.billing_month, t.invoice
