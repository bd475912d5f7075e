-- One row is what one commitment was paid and what its use came to, in the lines of one billing period
-- that begin in one hour, those of payments by the time that they are for. A commitment is monthly if all
-- that was paid for it comes again.
with told as (
    select
        BillingCurrency as currency,
        BillingAccountId as account,
        CommitmentDiscountId as commitment,
        cast(date_trunc('month', BillingPeriodStart) as date) as billing_month,
        BillingPeriodStart as billed_from_at,
        BillingPeriodEnd as billed_until_at,
        date_trunc('hour', ChargePeriodStart) as from_at,
        case when ChargeCategory = 'Purchase' then date_trunc('hour', ChargePeriodEnd) end
            as until_at,
        bool_or(ChargeFrequency = 'Recurring') filter (where ChargeCategory = 'Purchase')
            as is_recurring,
        sum(BilledCost) filter (where ChargeCategory = 'Purchase') as paid,
        sum(EffectiveCost) filter (where ChargeCategory = 'Usage') as used
    from charge
    where CommitmentDiscountId is not null
      and ChargeCategory in ('Purchase', 'Usage')
    group by currency, account, commitment, billing_month, billed_from_at, billed_until_at, 7, 8
)
select
    *,
    bool_and(is_recurring) over commitment as is_monthly
from told
window commitment as (partition by currency, account, commitment)
