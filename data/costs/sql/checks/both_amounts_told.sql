-- One row is one account, billing period and currency: whether its bills tell both what is billed and
-- what is effective. Where an export tells one of them alone, the other is unknown without its
-- counterpart, and no sum of it is whole; nor is it where such a bill stands beside one that tells
-- both. Of an estimate nothing is ever billed: there is nothing to wait for.
select
    currency,
    account,
    cast(date_trunc('month', from_at) as date) as billing_month,
    case
        when bool_and(is_estimate) then 'an estimate: this source never tells billed cost'
        when not bool_or(tells_billed) then 'no bill here tells billed cost'
        when not bool_or(tells_effective) then 'no bill here tells effective cost'
        when bool_or(tells_billed and tells_effective)
            and not bool_and(tells_billed and tells_effective)
            then 'one bill here tells both costs, and another one of them'
    end as note,
    case
        when bool_and(is_estimate) then 'not_applicable'
        when not bool_or(tells_billed) or not bool_or(tells_effective) then 'unknown'
        when bool_or(tells_billed and tells_effective)
            and not bool_and(tells_billed and tells_effective)
            then 'unknown'
        else 'holds'
    end as state
from bill_in_effect
group by currency, account, from_at
