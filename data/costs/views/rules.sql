-- One row is one rule in its order, with what it caught; the last one is what no rule matches. Of
-- what a source estimates nothing is billed: `estimates` counts it beside the charges. Null: a bill does not tell
-- the cost of some of what it caught, or all of it is estimated.
with daily as (
    select
        rule,
        day,
        $cost = 'billed' and is_estimate as is_left_out,
        sum(charges) as charges,
        case
            when $cost = 'billed' and count(billed_cost) = count(*) then sum(billed_cost)
            when $cost = 'effective' and count(effective_cost) = count(*) then sum(effective_cost)
        end as amount
    from charge_day
    where currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
    group by rule, day, is_left_out
),
summed as (
    select
        r.nth,
        cast(coalesce(sum(d.charges) filter (where not is_left_out), 0) as bigint) as charges,
        cast(coalesce(sum(d.charges) filter (where is_left_out), 0) as bigint) as estimates,
        case
            when count_if(not is_left_out and d.amount is null) = 0
                then sum(d.amount) filter (where not is_left_out)
        end as amount,
        min(d.day) as first_day,
        max(d.day) as last_day
    from daily d
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
    coalesce(s.estimates, 0) as estimates,
    case when s.charges is null then 0 else s.amount end as amount,
    s.first_day,
    s.last_day,
    (
        select case when count(amount) = count(*) then sum(amount) end
        from daily
        where not is_left_out
    ) as total
from named n
left join summed s
  on s.nth is not distinct from n.nth
order by n.nth nulls last
