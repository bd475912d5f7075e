-- One row is what one team has of one pool on one way through pools, beside all that fell into the pool;
-- in the currency that is asked for, or in that of reporting. Null: a rate is missing, or
-- the bill does not tell this cost.
with charged as (
    select
        pool,
        path,
        team,
        bucket,
        method,
        driver,
        rows,
        case
            when $reporting and $cost = 'billed' then reporting_billed
            when $reporting then reporting_effective
            when $cost = 'billed' then billed_cost
            else effective_cost
        end as amount
    from charge_day
    where pool is not null
      and ($cost = 'effective' or not is_estimate)
      and ($month is null or billing_month = cast($month as date))
      and ($currency is null or currency = $currency)
      and ($source is null or source = $source)
),
held as (
    select
        pool,
        path,
        team,
        bucket,
        method,
        driver,
        sum(rows) as rows,
        count_if(amount is null) as lacking,
        sum(amount) as amount
    from charged
    group by all
),
pooled as (
    select
        pool,
        case when sum(lacking) = 0 then sum(amount) end as whole,
        count(distinct team) as teams
    from held
    group by pool
),
titled as (
    select
        pool,
        arg_max(title, nth) as title
    from cost_pool
    group by pool
)
select
    h.pool,
    any_value(t.title) as title,
    h.path,
    h.bucket,
    h.method,
    h.driver,
    any_value(p.teams) as teams,
    cast(sum(h.rows) as bigint) as rows,
    case when sum(h.lacking) = 0 then sum(h.amount) end as amount,
    any_value(p.whole) as whole
from held h
join pooled p
  on p.pool = h.pool
left join titled t
  on t.pool = h.pool
where list_contains(cast($team as varchar[]), h.team)
group by h.pool, h.path, h.bucket, h.method, h.driver
order by amount desc nulls last, h.pool, h.path
