-- One row is one commitment that is paid month by month, in one billing period: what was paid for
-- it, and what its use and what was left unused come to. Less than was paid is wrong; more may be
-- what was paid before the first bill here. What is paid at once is compared over all of its time:
-- what differs is not known then, as it may still run, or have begun before.
with told as (
    select
        BillingCurrency as currency,
        BillingAccountId as account,
        cast(date_trunc('month', BillingPeriodStart) as date) as billing_month,
        CommitmentDiscountId as commitment,
        ChargeCategory = 'Purchase' as is_purchase,
        ChargeFrequency = 'Recurring' as is_recurring,
        sum(case when ChargeCategory = 'Purchase' then BilledCost end) as paid,
        sum(case when ChargeCategory = 'Usage' then EffectiveCost end) as used
    from charge
    where CommitmentDiscountId is not null
      and ChargeCategory in ('Purchase', 'Usage')
    group by all
),
paid_how as (
    select
        currency,
        account,
        commitment,
        bool_and(is_recurring) filter (where is_purchase) as is_monthly
    from told
    group by all
),
running as (
    -- A month that a bill does not hold to its end: what is paid ahead is not used up yet.
    select
        currency,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        max(written_at) < max(until_at) as is_running
    from bill_in_effect
    group by all
),
compared as (
    select
        t.currency,
        t.account,
        case when h.is_monthly then t.billing_month end as billing_month,
        t.commitment,
        h.is_monthly,
        bool_or(r.is_running) as is_running,
        sum(t.paid) as paid,
        sum(t.used) as used
    from told t
    join paid_how h
      on h.currency = t.currency
     and h.account = t.account
     and h.commitment = t.commitment
    left join running r
      on r.currency = t.currency
     and r.account = t.account
     and r.billing_month = t.billing_month
    group by all
)
select
    currency,
    account,
    billing_month,
    commitment as commitment_id,
    paid as amount_in,
    used as amount_out,
    'commitment ' || commitment || case
        when paid is null then ': no bill here tells what was paid for it'
        when used is null then ': no bill here tells of its use'
        when used > paid + 0.01 then ': more was used than these bills say was paid'
        when not is_monthly then ': paid at once, and still running or told in part'
        when is_running then ': its month is not over in these bills'
        else ''
    end as note,
    case
        when paid is null or used is null then 'unknown'
        when abs(paid - used) < 0.01 then 'holds'
        when is_monthly and used < paid and is_running is not true then 'broken'
        else 'unknown'
    end as state
from compared
