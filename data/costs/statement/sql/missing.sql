-- One row is one account whose next bill is due in a month and is not there, and may be to come; or was due
-- after the last month before it that has any bill. The next bill is due in the month in which the last
-- one ends, and in the one after its own at the earliest. An estimate is no bill, and of a source that
-- says when it ended none is due from then on.
with billed as (
    select
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        max(until_at) as until_at
    from bill_in_effect
    where not is_estimate
    group by all
),
expected as (
    select
        source,
        account,
        max(billing_month) as last,
        cast(
            greatest(date_trunc('month', max(until_at)), max(billing_month) + interval 1 month) as date
        ) as due
    from billed
    where billing_month < cast($month as date)
    group by all
),
before as (
    select max(last) as billing_month
    from expected
)
select
    e.source,
    e.account,
    e.last
from expected e
cross join before b
left join source_end s
  on s.source = e.source
anti join billed n
  on n.source = e.source
 and n.account = e.account
 and n.billing_month = e.due
where e.due > b.billing_month
  and e.due <= cast($month as date)
  and (s.ends is null or e.due < s.ends)
order by e.account, e.source
