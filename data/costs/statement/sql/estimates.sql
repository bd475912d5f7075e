-- One row is what one team has (null: nobody), in one bucket, of what a source estimates of an account
-- in a month. Nothing of it is ever billed by the source.
select
    source,
    provider,
    account,
    currency,
    team,
    bucket,
    cast(sum(rows) as bigint) as rows,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as effective
from charge_day
where is_estimate
  and date_trunc('month', billing_month) = cast($month as date)
group by all
order by currency, source, account, team nulls last, bucket
