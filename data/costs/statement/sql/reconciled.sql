-- One row is one account and invoice in one currency, of a billing month: what its bills hold, and
-- where that went.
with told as (
    select
        account,
        invoice,
        currency,
        sum(rows) as rows,
        sum(billed_cost) as billed
    from bill_in_effect
    where tells_billed
      and date_trunc('month', from_at) = cast($month as date)
    group by all
),
went as (
    select
        account,
        invoice,
        currency,
        sum(billed_cost) as amount,
        sum(billed_cost) filter (where bucket = 'direct') as direct,
        sum(billed_cost) filter (where bucket = 'shared') as shared,
        sum(billed_cost) filter (where bucket = 'idle') as idle,
        sum(billed_cost) filter (where bucket = 'unallocated') as unallocated,
        sum(billed_cost) filter (where bucket = 'unallocatable') as unallocatable,
        sum(billed_cost) filter (where bucket = 'excluded') as excluded
    from charge_day
    where billed_cost is not null
      and date_trunc('month', billing_month) = cast($month as date)
    group by all
)
select
    coalesce(t.account, w.account) as account,
    coalesce(t.invoice, w.invoice) as invoice,
    coalesce(t.currency, w.currency) as currency,
    cast(coalesce(t.rows, 0) as bigint) as rows,
    coalesce(t.billed, 0) as billed,
    coalesce(w.amount, 0) as amount,
    coalesce(w.direct, 0) as direct,
    coalesce(w.shared, 0) as shared,
    coalesce(w.idle, 0) as idle,
    coalesce(w.unallocated, 0) as unallocated,
    coalesce(w.unallocatable, 0) as unallocatable,
    coalesce(w.excluded, 0) as excluded
from told t
full join went w
  on w.account = t.account
 and w.invoice is not distinct from t.invoice
 and w.currency = t.currency
order by 3, 1, 2 nulls first
