-- One row is one account that a source billed in the month before one and has not billed in it: its bill
-- may be to come. An estimate is no bill, and a bill of a longer period is of all its months.
with billed as (
    select
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        cast(max(until_at) as date) as until_day
    from bill_in_effect
    where not is_estimate
    group by all
)
select
    b.source,
    b.account,
    b.billing_month as last
from billed b
anti join billed n
  on n.source = b.source
 and n.account = b.account
 and n.billing_month = cast($month as date)
where b.billing_month = cast($month as date) - interval 1 month
  and b.until_day <= cast($month as date)
order by b.account, b.source
