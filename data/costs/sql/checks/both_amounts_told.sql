-- One row is one account, billing period and currency: whether its bills tell both what is billed and
-- what is effective. Where an export tells one of them alone, the other is unknown without its
-- counterpart, and no sum of it is whole.
select
    currency,
    account,
    cast(from_at as date) as billing_month,
    case
        when not bool_or(tells_billed) then 'no bill here tells billed cost'
        when not bool_or(tells_effective) then 'no bill here tells effective cost'
    end as note,
    case when bool_or(tells_billed) and bool_or(tells_effective) then 'holds' else 'unknown' end as state
from bill_in_effect
group by currency, account, from_at
