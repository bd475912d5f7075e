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
    l.amount as amount_in,
    t.amount as amount_out,
    case
        when l.currency is null or t.currency is null then 'broken'
        when l.amount is null and t.amount is null then 'unknown'
        when l.amount = t.amount then 'holds'
        else 'broken'
    end as state
from lines l
full join teams t
  on t.currency = l.currency
 and t.account = l.account
 and t.month = l.month
