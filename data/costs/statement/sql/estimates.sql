-- One row is what one team has (null: nobody), in one bucket, of what a source estimates of an account
-- in a month. Nothing of it is ever billed by the source.
with estimate as (
    select
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month
    from bill_in_effect
    group by all
    having bool_and(is_estimate)
)
select
    c.source,
    c.provider,
    c.account,
    c.currency,
    c.team,
    c.bucket,
    cast(sum(c.rows) as bigint) as rows,
    case when count(c.effective_cost) = count(*) then sum(c.effective_cost) end as effective
from charge_day c
join estimate e
  on e.source = c.source
 and e.account = c.account
 and e.billing_month = date_trunc('month', c.billing_month)
where e.billing_month = cast($month as date)
group by all
order by c.currency, c.source, c.account, c.team nulls last, c.bucket
