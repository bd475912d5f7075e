-- One row is one billing month, currency and source of which there are bills that hold.
select
    cast(date_trunc('month', from_at) as date) as billing_month,
    max(cast(until_at as date)) as until,
    currency,
    source,
    cast(sum(rows) as bigint) as rows
from bill_in_effect
group by all
order by billing_month desc, rows desc, currency, source
