-- One row is one source of bills and account: which months its bills that hold are for, how many of
-- these are missing in between, and how new the newest is.
with told as (
    select distinct
        source,
        account,
        cast(date_trunc('month', from_at) as date) as billing_month,
        cast(until_at as date) as until_day,
        name,
        invoice,
        written_at
    from bill_in_effect
    where ($source is null or source = $source)
)
select
    source,
    account,
    min(billing_month) as first_month,
    max(billing_month) as last_month,
    max(until_day) as until_day,
    count(distinct billing_month) as months,
    date_diff('month', min(billing_month), max(billing_month)) + 1
        - count(distinct billing_month) as missing,
    count(distinct name) as files,
    arg_max(invoice, billing_month) as last_invoice,
    max(written_at) as written_at
from told
group by all
order by source, account
