-- One row is one rule in its order, with what it caught; the last one is what no rule matches. A
-- charge that is split has a row for each part, and as many for one part as for any other: the
-- charges are those of one of them.
with chosen as (
    select
        *,
        date_trunc('month', day) as month,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount
    from charge_day
    where currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
),
caught as (
    select
        r.nth,
        c.month,
        c.path,
        sum(c.rows) as charges,
        sum(c.amount) as amount,
        min(c.day) as first_day,
        max(c.day) as last_day
    from chosen c
    left join cost_rule r
      on r.rule = c.rule
     and (r.from_day is null or r.from_day <= c.day)
     and (r.until_day is null or c.day < r.until_day)
    group by r.nth, c.month, c.path
),
monthly as (
    select
        nth,
        month,
        max(charges) as charges,
        sum(amount) as amount,
        min(first_day) as first_day,
        max(last_day) as last_day
    from caught
    group by nth, month
),
summed as (
    select
        nth,
        cast(sum(charges) as bigint) as charges,
        sum(amount) as amount,
        min(first_day) as first_day,
        max(last_day) as last_day
    from monthly
    group by nth
),
named as (
    select nth, rule, act, target, from_day, until_day, match, unless from cost_rule
    union all
    select null, null, null, null, null, null, null, null
)
select
    n.nth,
    n.rule,
    n.act,
    n.target,
    n.from_day,
    n.until_day,
    n.match,
    n.unless,
    coalesce(s.charges, 0) as charges,
    coalesce(s.amount, 0) as amount,
    s.first_day,
    s.last_day,
    (select sum(amount) from chosen) as total
from named n
left join summed s
  on s.nth is not distinct from n.nth
order by n.nth nulls last
