-- One row is one bill that holds, or a part of it does.
select
    source,
    name,
    version,
    delivery,
    sha256,
    written_at,
    bill_rows as rows,
    refused_rows,
    string_agg(distinct strftime(from_at, '%Y-%m'), ', ' order by strftime(from_at, '%Y-%m')) as months,
    currency,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost
from bill_in_effect
group by all
order by source, name, currency
