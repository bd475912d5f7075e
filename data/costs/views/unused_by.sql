-- One row is one team, in one bucket, with what it has of what nobody used.
select
    team,
    bucket,
    cast(sum(rows) as bigint) as rows,
    case when count(effective_cost) = count(*) then sum(effective_cost) end as amount
from commitment_month
where charge = 'Usage'
  and commitment = 'Unused'
  and currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
group by team, bucket
order by abs(sum(effective_cost)) desc nulls last, team
