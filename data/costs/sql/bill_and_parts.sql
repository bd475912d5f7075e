-- One row is one account, billing period, invoice and currency, of billed or of effective cost: what the
-- bills that hold say, and what all who have a part of it have. A bill that leaves it to its counterpart
-- has nothing of it, and of an estimate nothing is ever billed.
with told as (
    select
        *,
        'billed' as cost,
        tells_billed as tells,
        billed_cost as amount,
        is_estimate as is_no_bill
    from bill_in_effect
    union all
    select
        *,
        'effective' as cost,
        tells_effective as tells,
        effective_cost as amount,
        false as is_no_bill
    from bill_in_effect
),
known as (
    select
        *,
        bool_or(tells) over (partition by cost, source, account, from_at) as is_told
    from told
),
bills as (
    select
        cost,
        currency,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        invoice,
        bool_and(is_no_bill) as is_never_billed,
        sum(case when tells then amount when is_told then 0 end) as amount
    from known
    group by all
),
parts as (
    select
        cost,
        currency,
        account,
        billing_month,
        invoice,
        sum(amount) as amount
    from (
        select *, 'billed' as cost, billed_cost as amount
        from charge_day
        union all
        select *, 'effective' as cost, effective_cost as amount
        from charge_day
    )
    group by all
)
select
    coalesce(b.cost, p.cost) as cost,
    coalesce(b.currency, p.currency) as currency,
    coalesce(b.account, p.account) as account,
    coalesce(b.billing_month, p.billing_month) as billing_month,
    coalesce(b.invoice, p.invoice) as invoice,
    b.amount as amount_in,
    p.amount as amount_out,
    case
        when b.cost is null or p.cost is null then 'broken'
        when b.is_never_billed and p.amount is null then 'not_applicable'
        when b.amount is null and p.amount is null then 'unknown'
        when b.amount = p.amount then 'holds'
        else 'broken'
    end as state
from bills b
full join parts p
  on p.cost = b.cost
 and p.currency = b.currency
 and p.account = b.account
 and p.billing_month = b.billing_month
 and p.invoice is not distinct from b.invoice
