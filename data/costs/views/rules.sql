-- One row is one rule in its order, with what it caught; the last one is what no rule matches. A
-- charge that is split has a row for each way through pools, so rows are divided by the ways. Null: a
-- bill does not tell the cost of some of what it caught.
with daily as (
    select
        rule,
        day,
        pool,
        sum(rows) as rows,
        case
            when $cost = 'billed' and count(billed_cost) = count(*) then sum(billed_cost)
            when $cost = 'effective' and count(effective_cost) = count(*) then sum(effective_cost)
        end as amount
    from charge_day
    where currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
    group by rule, day, pool
),
ways as (
    select
        pool,
        month,
        count(*) as ways
    from pool_split
    where currency = $currency
    group by pool, month
),
summed as (
    select
        r.nth,
        cast(sum(d.rows // coalesce(w.ways, 1)) as bigint) as charges,
        case when count(d.amount) = count(*) then sum(d.amount) end as amount,
        min(d.day) as first_day,
        max(d.day) as last_day
    from daily d
    left join ways w
      on w.pool = d.pool
     and w.month = date_trunc('month', d.day)
    left join cost_rule r
      on r.rule = d.rule
     and (r.from_day is null or r.from_day <= d.day)
     and (r.until_day is null or d.day < r.until_day)
    group by r.nth
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
    case when s.charges is null then 0 else s.amount end as amount,
    s.first_day,
    s.last_day,
    (select case when count(amount) = count(*) then sum(amount) end from daily) as total
from named n
left join summed s
  on s.nth is not distinct from n.nth
order by n.nth nulls last
