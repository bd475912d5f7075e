-- One row is one pool in its order.
select
    nth,
    pool,
    title,
    split,
    driver,
    is_idle,
    fallback,
    from_day,
    until_day
from cost_pool
order by nth
