-- One row is one account and currency of which no bill tells billed cost, in a billing month or in
-- one that is settled: what is unknown is not nothing. Of an estimate nothing is ever billed.
select
    cast(date_trunc('month', from_at) as date) as billing_month,
    account,
    cast(null as varchar) as invoice,
    currency
from bill_in_effect
where date_trunc('month', from_at) = cast($month as date)
   or date_trunc('month', from_at) <= cast($settled as date)
group by all
having not bool_or(tells_billed)
   and not bool_and(is_estimate)
order by all
