-- One row is one commitment in one billing month: what was billed for it, and what was used of it and
-- what was not, as it is spread over its use.
select
    billing_month,
    commitment_id,
    max(name) as name,
    max(type) as type,
    max(category) as category,
    string_agg(distinct provider, ', ' order by provider) as provider,
    string_agg(distinct account, ', ' order by account) as account,
    sum(billed_cost) filter (where charge = 'Purchase') as bought,
    sum(effective_cost) filter (where charge = 'Usage' and commitment = 'Used') as used,
    sum(effective_cost) filter (where charge = 'Usage' and commitment = 'Unused') as unused,
    sum(effective_cost) filter (
        where charge = 'Usage' and commitment is null
    ) as untold,
    cast(sum(rows) as bigint) as rows
from commitment_month
where commitment_id is not null
  and currency = $currency
  and ($month is null or billing_month = cast($month as date))
  and ($source is null or source = $source)
group by billing_month, commitment_id
order by billing_month, commitment_id
