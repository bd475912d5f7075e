-- One row is what one team has of one pool on one way through pools, beside all that fell into the pool;
-- in the currency that is asked for, or in that of reporting. Null: a rate is missing.
with charged as (
    select
        pool,
        path,
        team,
        bucket,
        method,
        driver,
        rows,
        $reporting and rate is null as is_lacking,
        case
            when $reporting and $cost = 'billed' then reporting_billed
            when $reporting then reporting_effective
            when $cost = 'billed' then billed_cost
            else effective_cost
        end as amount
    from charge_day
    where pool is not null
      and ($month is null or billing_month = cast($month as date))
      and ($currency is null or currency = $currency)
      and ($source is null or source = $source)
),
pooled as (
    select
        pool,
        case when count_if(is_lacking) = 0 then sum(amount) end as whole,
        count(distinct team) as teams
    from charged
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
    c.pool,
    any_value(t.title) as title,
    c.path,
    c.bucket,
    c.method,
    c.driver,
    any_value(p.teams) as teams,
    cast(sum(c.rows) as bigint) as rows,
    case when count_if(c.is_lacking) = 0 then sum(c.amount) end as amount,
    any_value(p.whole) as whole
from charged c
join pooled p
  on p.pool = c.pool
left join titled t
  on t.pool = c.pool
where list_contains(cast($team as varchar[]), c.team)
group by c.pool, c.path, c.bucket, c.method, c.driver
order by amount desc nulls last, c.pool, c.path
