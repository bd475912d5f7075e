-- One row is the part of one charge that one team has, or nobody: its charge, and where the charge
-- was split, by which bounds, by what use, and what the whole of it was billed. Where two exports of
-- an account tell one amount each, a row of one has nothing of the other's; where only one is there,
-- the other amount is unknown.
with told as (
    select
        source,
        account,
        from_at,
        bool_or(tells_billed) as tells_billed,
        bool_or(tells_effective) as tells_effective
    from bill_in_effect
    group by all
),
split_row as (
    select distinct
        source,
        load,
        bill_line
    from allocated
    where path is not null
),
origin as (
    select
        c.source,
        c.load,
        c.bill_line,
        c.BilledCost as origin_cost
    from charge c
    semi join split_row r
      on r.source = c.source
     and r.load = c.load
     and r.bill_line = c.bill_line
)
select
    a.* replace (
        case when t.tells_billed then coalesce(a.BilledCost, 0) end as BilledCost,
        case when t.tells_effective then coalesce(a.EffectiveCost, 0) end as EffectiveCost
    ),
    o.origin_cost,
    case when d.amount is not null then a.driver end as usage_unit,
    d.amount as usage_quantity
from allocated a
join told t
  on t.source = a.source
 and t.account = a.BillingAccountId
 and t.from_at = a.BillingPeriodStart
left join origin o
  on o.load = a.load
 and o.source = a.source
 and o.bill_line = a.bill_line
left join cost_driver d
  on a.method = 'driver'
 and len(a.path) = 2
 and d.driver = a.driver
 and d.month = date_trunc('month', a.day)
 and d.team = a.team
where $month is null
   or date_trunc('month', a.BillingPeriodStart) = cast($month as date)
