-- One row is one pool in one month and currency: the parts of its targets, laid end to end.
with laid as (
    select
        pool,
        month,
        currency,
        lower_bound,
        upper_bound,
        lag(upper_bound, 1, 0) over (
            partition by pool, month, currency
            order by upper_bound, lower_bound
        ) as before
    from pool_split
)
select
    currency,
    month,
    cast(1 as decimal(38, 12)) as amount_in,
    cast(sum(upper_bound - lower_bound) as decimal(38, 12)) as amount_out,
    'pool ' || pool as note,
    case
        when max(upper_bound) = 1 and bool_and(lower_bound = before) then 'holds'
        else 'broken'
    end as state
from laid
group by pool, month, currency
