-- One row is what one target has of one pool, of the charges of one month and on one way through
-- pools: its ratio, what it came to, and how it was split. Null: a bill does not tell this cost, or all of
-- it is estimated, of which nothing is billed.
with chosen as (
    select
        pool,
        cast(date_trunc('month', day) as date) as month,
        path,
        team,
        bucket,
        method,
        driver,
        case
            when $cost = 'effective' then
                case when count(effective_cost) = count(*) then sum(effective_cost) end
            when count_if(not is_estimate and billed_cost is null) = 0
                then sum(billed_cost) filter (where not is_estimate)
        end as amount,
        $cost = 'billed' and bool_and(is_estimate) as is_never_billed
    from charge_day
    where pool is not null
      and currency = $currency
      and ($month is null or billing_month = cast($month as date))
      and ($source is null or source = $source)
    group by all
)
select
    c.*,
    s.upper_bound - s.lower_bound as ratio
from chosen c
left join pool_split s
  on s.pool = c.pool
 and s.month = c.month
 and s.currency = $currency
 and s.path = c.path
order by c.month desc, c.pool, ratio desc, c.team
