-- One row is one commitment that is paid month by month, in one billing period: what was paid for
-- it, and what its use and what was left unused come to. Less than was paid is wrong; more may be
-- what was paid before the first bill here. What is paid at once is compared over all of its time:
-- what differs is not known then, as it may still run, or have begun before.
with told as (
    select
        BillingCurrency as currency,
        BillingAccountId as account,
        cast(BillingPeriodStart as date) as billing_month,
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
compared as (
    select
        t.currency,
        t.account,
        case when h.is_monthly then t.billing_month end as billing_month,
        t.commitment,
        h.is_monthly,
        sum(t.paid) as paid,
        sum(t.used) as used
    from told t
    join paid_how h
      on h.currency = t.currency
     and h.account = t.account
     and h.commitment = t.commitment
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
        else ''
    end as note,
    case
        when paid is null or used is null then 'unknown'
        when abs(paid - used) < 0.01 then 'holds'
        when is_monthly and used < paid then 'broken'
        else 'unknown'
    end as state
from compared
