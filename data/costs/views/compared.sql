-- One row is one account that is due in a month, and how many of its first days its bills hold to their
-- end; null: all of them. One that is billed in the month before and not in the newest holds none.
with part as (
    select
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        max(cast(until_at as date)) as until_day,
        max(written_at) as written_at
    from bill_in_effect
    where case when $cost = 'billed' then tells_billed else tells_effective end
      and ($currency is null or currency = $currency)
      and ($source is null or source = $source)
    group by all
),
newest as (
    select max(cast(date_trunc('month', from_at) as date)) as billing_month
    from bill_in_effect
    where ($source is null or source = $source)
      and ($cost = 'effective' or not is_estimate)
),
due as (
    select
        p.source,
        p.account
    from part p
    cross join newest n
    where p.billing_month = cast($of_month as date)
       or (
        n.billing_month = cast($of_month as date)
        and p.billing_month = cast($of_month as date) - interval 1 month
       )
    group by all
)
select
    d.source,
    d.account,
    case
        when p.written_at is null then 0
        when p.written_at < p.until_day
            then greatest(date_diff('day', p.billing_month, cast(p.written_at as date)), 0)
    end as days
from due d
left join part p
  on p.source = d.source
 and p.account = d.account
 and p.billing_month = cast($of_month as date)
order by days nulls last, d.source, d.account
