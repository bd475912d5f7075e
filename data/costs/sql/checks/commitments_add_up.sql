-- One row is one commitment and one stretch of time that it was paid for: what was paid, and what its use
-- and what was left unused come to in that time. Less than was paid is wrong, once that time is over; more
-- may be what was paid before the first bill here. What is paid at once is compared over all of its time:
-- what differs is not known then, as it may still run, or have begun before.
with placed as (
    select
        l.*,
        case when l.from_at < s.until_at then s.nth end as nth
    from commitment_line l
    asof left join commitment_span s
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
    left join commitment_span e
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
