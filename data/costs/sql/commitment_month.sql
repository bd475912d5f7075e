-- One row is what one commitment is in one billing month and in one way: bought, used or unused by
-- one team; and, without a commitment, the usage that could have been under one, where a bill tells
-- how usage was priced.
select
    cast(BillingPeriodStart as date) as billing_month,
    source,
    coalesce(ServiceProviderName, ProviderName) as provider,
    BillingAccountId as account,
    BillingCurrency as currency,
    CommitmentDiscountId as commitment,
    max(CommitmentDiscountName) as name,
    max(CommitmentDiscountType) as type,
    max(CommitmentDiscountCategory) as category,
    ServiceName as service,
    ChargeCategory as charge,
    ChargeClass is not distinct from 'Correction' as is_correction,
    CommitmentDiscountStatus as status,
    PricingCategory as pricing,
    bucket,
    team,
    rule,
    min(cast(ChargePeriodStart as date)) as first_day,
    max(cast(ChargePeriodStart as date)) as last_day,
    count(*) as rows,
    sum(BilledCost) as billed_cost,
    sum(EffectiveCost) as effective_cost,
    sum(ListCost) as list_cost,
    count(ListCost) as list_rows,
    sum(CommitmentDiscountQuantity) as quantity,
    max(CommitmentDiscountUnit) as unit
from allocated
where CommitmentDiscountId is not null
   or (ChargeCategory = 'Usage' and PricingCategory is not null)
group by all
order by billing_month, commitment, service, team
