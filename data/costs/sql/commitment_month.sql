-- One row is what one team has of a commitment in one billing month, of one service and in one way:
-- bought, used or unused; and of usage without a commitment, which might have been under one.
select
    cast(date_trunc('month', BillingPeriodStart) as date) as billing_month,
    source,
    coalesce(ServiceProviderName, ProviderName) as provider,
    BillingAccountId as account,
    BillingCurrency as currency,
    CommitmentDiscountId as commitment_id,
    max(CommitmentDiscountName) as name,
    max(CommitmentDiscountType) as type,
    max(CommitmentDiscountCategory) as category,
    ServiceName as service,
    ChargeCategory as charge,
    CommitmentDiscountStatus as commitment,
    PricingCategory as pricing,
    bucket,
    team,
    rule,
    count(*) as rows,
    sum(BilledCost) as billed_cost,
    sum(EffectiveCost) as effective_cost,
    sum(ListCost) as list_cost,
    count(ListCost) as list_rows
from allocated
where CommitmentDiscountId is not null
   or ChargeCategory = 'Usage'
group by all
order by billing_month, commitment_id, service, team
