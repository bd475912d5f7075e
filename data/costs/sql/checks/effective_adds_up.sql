-- One row is one account, currency and month of charges: effective cost of the lines of bills that
-- hold, and of all who have a part of it.
with lines as (
    select
        BillingCurrency as currency,
        BillingAccountId as account,
        cast(date_trunc('month', ChargePeriodStart) as date) as month,
        sum(EffectiveCost) as amount
    from charge
    group by all
),
teams as (
    select
        currency,
        account,
        cast(date_trunc('month', day) as date) as month,
        sum(effective_cost) as amount
    from charge_day
    group by all
)
select
    coalesce(l.currency, t.currency) as currency,
    coalesce(l.account, t.account) as account,
    coalesce(l.month, t.month) as month,
    coalesce(l.amount, 0) as amount_in,
    coalesce(t.amount, 0) as amount_out,
    case when coalesce(l.amount, 0) = coalesce(t.amount, 0) then 'holds' else 'broken' end as state
from lines l
full join teams t
  on t.currency = l.currency
 and t.account = l.account
 and t.month = l.month
