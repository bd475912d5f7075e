-- One row is one value of what is asked for, with what nobody has of it, since no rule matches or
-- since its pool had nothing to be split by. Null: a bill does not tell this cost.
with chosen as (
    select
        case $by
            when 'account' then account
            when 'sub_account' then sub_account
            when 'service' then service
            when 'rule' then rule
        end as thing,
        rows,
        case when $cost = 'billed' then billed_cost else effective_cost end as amount
    from charge_day
    where bucket = 'unallocated'
      and ($cost = 'effective' or not is_estimate)
      and currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
)
select
    thing,
    cast(sum(rows) as bigint) as rows,
    case when count(amount) = count(*) then sum(amount) end as amount
from chosen
group by thing
order by abs(sum(amount)) desc nulls last, thing
limit 200
