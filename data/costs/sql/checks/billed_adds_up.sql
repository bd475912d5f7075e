-- One row is one account, billing period, invoice and currency: billed cost of the bills that
-- hold, and of all who have a part of it. A bill that leaves it to its counterpart has nothing of it,
-- and of an estimate nothing is ever billed.
with told as (
    select
        *,
        bool_or(tells_billed) over (partition by source, account, from_at) as is_told
    from bill_in_effect
),
bills as (
    select
        currency,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        invoice,
        bool_and(is_estimate) as is_estimate,
        sum(case when tells_billed then billed_cost when is_told then 0 end) as amount
    from told
    group by all
),
teams as (
    select
        currency,
        account,
        billing_month,
        invoice,
        sum(billed_cost) as amount
    from charge_day
    group by all
)
select
    coalesce(b.currency, t.currency) as currency,
    coalesce(b.account, t.account) as account,
    coalesce(b.billing_month, t.billing_month) as billing_month,
    coalesce(b.invoice, t.invoice) as invoice,
    b.amount as amount_in,
    t.amount as amount_out,
    case
        when b.currency is null or t.currency is null then 'broken'
        when b.is_estimate and t.amount is null then 'not_applicable'
        when b.amount is null and t.amount is null then 'unknown'
        when b.amount = t.amount then 'holds'
        else 'broken'
    end as state
from bills b
full join teams t
  on t.currency = b.currency
 and t.account = b.account
 and t.billing_month = b.billing_month
 and t.invoice is not distinct from b.invoice
