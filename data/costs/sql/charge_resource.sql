-- One row is one resource in one month, of what nobody has yet: where it is billed, what its tags
-- say, and the line of its largest charge.
select
    cast(date_trunc('month', ChargePeriodStart) as date) as month,
    source,
    coalesce(ServiceProviderName, ProviderName) as provider,
    BillingAccountId as account,
    SubAccountId as sub_account,
    ServiceName as service,
    ResourceId as resource,
    max(ResourceName) as resource_name,
    max(ResourceType) as resource_type,
    max(RegionId) as region,
    BillingCurrency as currency,
    rule,
    reason,
    max(Tags) as tags,
    count(*) as rows,
    sum(BilledCost) as billed_cost,
    sum(EffectiveCost) as effective_cost,
    arg_max(load, coalesce(abs(BilledCost), 0)) as load,
    arg_max(bill_row, coalesce(abs(BilledCost), 0)) as bill_row
from allocated
where bucket = 'unallocated'
group by all
order by month, effective_cost desc
