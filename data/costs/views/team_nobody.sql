-- One row is one resource that nobody has in a month: where it stands in which file, and whether the team
-- has charges of its own in the same account, sub-account and service, so that it could be the team's; not
-- what a pool has nobody for.
with own as (
    select distinct
        account,
        sub_account,
        service
    from charge_day
    where list_contains(cast($team as varchar[]), team)
      and bucket = 'direct'
      and ($month is null or billing_month = cast($month as date))
),
named as (
    select
        load,
        min(name) as name
    from bill_delivered
    group by load
)
select
    r.billing_month,
    coalesce(r.resource_name, r.resource) as resource,
    r.resource as resource_id,
    r.resource_type,
    r.service,
    r.account,
    r.sub_account,
    r.region,
    r.currency,
    r.reason,
    r.tags,
    r.rows,
    case when $cost = 'billed' then r.billed_cost else r.effective_cost end as amount,
    r.rule is null and o.account is not null as is_near,
    b.name as bill,
    r.bill_row
from charge_resource r
left join own o
  on o.account = r.account
 and o.sub_account is not distinct from r.sub_account
 and o.service = r.service
left join named b
  on b.load = r.load
where ($month is null or r.billing_month = cast($month as date))
  and ($currency is null or r.currency = $currency)
  and ($source is null or r.source = $source)
  and ($cost = 'effective' or not r.is_estimate)
order by is_near desc, abs(amount) desc nulls last, resource, r.billing_month
limit 500
