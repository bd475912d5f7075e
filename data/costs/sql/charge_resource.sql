-- One row is one resource in one month of one bill, of what nobody has yet: where it is billed, what its tags
-- say, and the line of its largest charge.
select
    cast(date_trunc('month', day) as date) as month,
    billing_month,
    source,
    is_estimate,
    provider,
    account,
    sub_account,
    service,
    resource,
    max(resource_name) as resource_name,
    max(resource_type) as resource_type,
    max(region) as region,
    currency,
    rule,
    reason,
    max(tags) as tags,
    count(*) as rows,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    arg_max(load, (coalesce(abs(billed_cost), abs(effective_cost), 0), load, bill_row)) as load,
    arg_max(bill_row, (coalesce(abs(billed_cost), abs(effective_cost), 0), load, bill_row))
        as bill_row
from charge_line
where bucket = 'unallocated'
group by all
order by month, effective_cost desc
