-- One row is one stretch of time that a commitment which is paid month by month was paid for, and whether
-- the bills hold all of it. The time is the charge period of the payment; where that is one day, the
-- billing period if it begins with it, else until the next payment. Payments whose times overlap are for
-- the same use: they are one row. What is paid at once has none.
with payment as (
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
    from commitment_line
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
)
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
