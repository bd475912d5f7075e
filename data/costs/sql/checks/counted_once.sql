-- One row is one account, billing period, invoice and currency: how often it counts, by how many
-- sources and how many times by the same lines.
select
    currency,
    account,
    cast(from_at as date) as billing_month,
    invoice,
    case
        when count(distinct source) > 1 then 'told by ' || string_agg(distinct source, ', ' order by source)
        when count(*) > count(distinct load) then 'the same lines count twice'
    end as note,
    case
        when count(distinct source) > 1 or count(*) > count(distinct load) then 'broken'
        else 'holds'
    end as state
from bill_in_effect
group by currency, account, from_at, invoice
