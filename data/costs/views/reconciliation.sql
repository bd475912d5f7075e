-- One row is one account, billing month and invoice in one currency: what its bills hold, where that
-- went, and what lies between, which is 0. Where bills do not tell that cost it is not told, and
-- none of its amounts means anything. Estimates are no part of billed cost.
with told as (
    select
        currency,
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        invoice,
        cast(sum(rows) as bigint) as rows_in,
        bool_or(case when $cost = 'billed' then tells_billed else tells_effective end) as is_told,
        sum(case when $cost = 'billed' then billed_cost else effective_cost end) as amount_in
    from bill_in_effect
    where $cost = 'effective'
       or not is_estimate
    group by all
),
allocated as (
    select
        currency,
        source,
        account,
        billing_month,
        invoice,
        bucket,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount
    from charge_day
    where $cost = 'effective'
       or not is_estimate
),
summed as (
    select
        currency,
        source,
        account,
        billing_month,
        invoice,
        sum(amount) as amount_out,
        sum(amount) filter (where bucket = 'direct') as direct,
        sum(amount) filter (where bucket = 'shared') as shared,
        sum(amount) filter (where bucket = 'idle') as idle,
        sum(amount) filter (where bucket = 'unallocated') as unallocated,
        sum(amount) filter (where bucket = 'unallocatable') as unallocatable,
        sum(amount) filter (where bucket = 'excluded') as excluded
    from allocated
    group by all
)
select
    coalesce(t.currency, s.currency) as currency,
    coalesce(t.source, s.source) as source,
    coalesce(t.account, s.account) as account,
    coalesce(t.billing_month, s.billing_month) as billing_month,
    coalesce(t.invoice, s.invoice) as invoice,
    coalesce(t.rows_in, 0) as rows_in,
    coalesce(t.is_told, true) as is_told,
    coalesce(t.amount_in, 0) as amount_in,
    coalesce(s.direct, 0) as direct,
    coalesce(s.shared, 0) as shared,
    coalesce(s.idle, 0) as idle,
    coalesce(s.unallocated, 0) as unallocated,
    coalesce(s.unallocatable, 0) as unallocatable,
    coalesce(s.excluded, 0) as excluded,
    coalesce(s.amount_out, 0) as amount_out,
    coalesce(t.amount_in, 0) - coalesce(s.amount_out, 0) as difference
from told t
full join summed s
  on s.currency = t.currency
 and s.source = t.source
 and s.account = t.account
 and s.billing_month = t.billing_month
 and s.invoice is not distinct from t.invoice
where ($month is null or coalesce(t.billing_month, s.billing_month) = cast($month as date))
  and ($currency is null or coalesce(t.currency, s.currency) = $currency)
  and ($source is null or coalesce(t.source, s.source) = $source)
order by currency, billing_month desc, source, account, invoice nulls first
