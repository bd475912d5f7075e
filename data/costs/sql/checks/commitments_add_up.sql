-- One row is one commitment that is paid month by month, over the time that a payment is for: what was
-- paid, and what its use and what was left unused come to in that time. The time is the charge period of
-- the payment; where that is one day, the billing period if it begins with it, else until the next
-- payment. Less than was paid is wrong, once that time is over; more may be what was paid before the
-- first bill here. What is paid at once is compared over all of its time: what differs is not known
-- then, as it may still run, or have begun before.
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
),
line as (
    select
        *,
        bool_and(is_recurring) over commitment as is_monthly
    from told
    window commitment as (partition by currency, account, commitment)
),
payment as (
    -- What is paid back begins no time of its own.
    select
        *,
        until_at > from_at + interval '1' day as has_period,
        from_at <= billed_from_at + interval '1' day as begins_month,
        min(from_at) over (
            partition by currency, account, commitment
            order by from_at
            range between interval '1' hour following and unbounded following
        ) as next_at
    from line
    where is_monthly
      and paid > 0
),
held as (
    select
        currency,
        account,
        commitment,
        billing_month,
        case when not has_period and begins_month then billed_from_at else from_at end as from_at,
        case
            when has_period then until_at
            when begins_month then billed_until_at
            else coalesce(next_at, timestamptz 'infinity')
        end as until_at
    from payment
),
met as (
    select
        *,
        max(until_at) over (
            partition by currency, account, commitment
            order by from_at, until_at
            rows between unbounded preceding and 1 preceding
        ) as until_before
    from held
),
numbered as (
    -- Payments whose times overlap are for the same use.
    select
        *,
        count_if(coalesce(from_at >= until_before, true)) over (
            partition by currency, account, commitment
            order by from_at, until_at
            rows unbounded preceding
        ) as nth
    from met
),
span as (
    select
        currency,
        account,
        commitment,
        nth,
        min(billing_month) as billing_month,
        min(from_at) as from_at,
        max(until_at) as until_at
    from numbered
    group by all
),
delivered as (
    select
        currency,
        account,
        from_at,
        max(until_at) as until_at,
        max(written_at) >= max(until_at) as is_final
    from bill_in_effect
    group by all
),
ended as (
    -- Its time is over where final bills hold all of it, but for a day that clocks differ by: what is
    -- paid ahead is used up then.
    select
        s.*,
        coalesce(
            case when isfinite(max(s.until_at)) then
                sum(
                    epoch(least(d.until_at, s.until_at)) - epoch(greatest(d.from_at, s.from_at))
                ) >= epoch(max(s.until_at)) - epoch(max(s.from_at)) - 86400
            end
            and bool_and(d.is_final),
            false
        ) as is_over
    from span s
    left join delivered d
      on d.currency = s.currency
     and d.account = s.account
     and d.from_at < s.until_at
     and d.until_at > s.from_at
    group by all
),
placed as (
    select
        l.*,
        case when l.from_at < s.until_at then s.nth end as nth
    from line l
    asof left join span s
      on s.currency = l.currency
     and s.account = l.account
     and s.commitment = l.commitment
     and s.from_at <= l.from_at
),
added as (
    select
        currency,
        account,
        commitment,
        coalesce(is_monthly, false) as is_monthly,
        nth,
        case when is_monthly and nth is null then billing_month end as billing_month,
        sum(paid) as paid,
        sum(used) as used
    from placed
    group by all
),
compared as (
    select
        a.* replace (coalesce(e.billing_month, a.billing_month) as billing_month),
        coalesce(e.is_over, false) as is_over,
        case
            when isinf(e.until_at) then ', since ' || strftime(e.from_at, '%Y-%m-%d')
            when e.from_at > date_trunc('month', e.from_at)
              or e.until_at > date_trunc('month', e.until_at)
                then ', from ' || strftime(e.from_at, '%Y-%m-%d') || ' until before '
                    || strftime(e.until_at, '%Y-%m-%d')
            else ''
        end as its_time
    from added a
    left join ended e
      on e.currency = a.currency
     and e.account = a.account
     and e.commitment = a.commitment
     and e.nth = a.nth
)
select
    currency,
    account,
    billing_month,
    commitment as commitment_id,
    paid as amount_in,
    used as amount_out,
    'commitment ' || commitment || its_time || case
        when paid is null then ': no bill here tells what was paid for it'
        when used is null then ': no bill here tells of its use'
        when used > paid + 0.01 then ': more was used than these bills say was paid'
        when not is_monthly then ': paid at once, and still running or told in part'
        when not is_over then ': what was paid for is not over in these bills'
        else ''
    end as note,
    case
        when paid is null or used is null then 'unknown'
        when abs(paid - used) < 0.01 then 'holds'
        when is_monthly and used < paid and is_over then 'broken'
        else 'unknown'
    end as state
from compared
