-- One row is one commitment in one billing month: what was billed for it, and what was used of it and
-- what was not, as it is spread over its use; null where there is none, or a bill does not tell it,
-- which the counts after them say.
select
    billing_month,
    commitment_id,
    max(name) as name,
    max(type) as type,
    max(category) as category,
    string_agg(distinct provider, ', ' order by provider) as provider,
    string_agg(distinct account, ', ' order by account) as account,
    case
        when count_if(charge = 'Purchase' and billed_cost is null) = 0
            then sum(billed_cost) filter (where charge = 'Purchase')
    end as bought,
    case
        when count_if(charge = 'Usage' and commitment = 'Used' and effective_cost is null) = 0
            then sum(effective_cost) filter (where charge = 'Usage' and commitment = 'Used')
    end as used,
    case
        when count_if(charge = 'Usage' and commitment = 'Unused' and effective_cost is null) = 0
            then sum(effective_cost) filter (where charge = 'Usage' and commitment = 'Unused')
    end as unused,
    cast(count_if(charge = 'Purchase' and billed_cost is null) as bigint) as bought_unknown,
    cast(count_if(charge = 'Usage' and commitment = 'Used' and effective_cost is null) as bigint)
        as used_unknown,
    cast(count_if(charge = 'Usage' and commitment = 'Unused' and effective_cost is null) as bigint)
        as unused_unknown,
    sum(effective_cost) filter (
        where charge = 'Usage' and commitment is null
    ) as untold,
    cast(sum(charges) as bigint) as charges
from commitment_month
where commitment_id is not null
  and currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
group by billing_month, commitment_id
order by billing_month, commitment_id
