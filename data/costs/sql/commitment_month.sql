-- One row is what one team has of a commitment in one billing month, of one service and in one way:
-- bought, used or unused; and of usage without a commitment, which might have been under one.
select
    billing_month,
    source,
    provider,
    account,
    currency,
    commitment_id,
    max(commitment_name) as name,
    max(commitment_type) as type,
    max(commitment_category) as category,
    service,
    charge,
    commitment,
    pricing,
    bucket,
    team,
    rule,
    cast(sum(rows) as bigint) as rows,
    cast(sum(charges) as bigint) as charges,
    sum(billed_cost) as billed_cost,
    sum(effective_cost) as effective_cost,
    sum(list_cost) as list_cost,
    cast(sum(list_charges) as bigint) as list_charges
from charge_day
where commitment_id is not null
   or charge = 'Usage'
group by all
order by billing_month, commitment_id, service, team
