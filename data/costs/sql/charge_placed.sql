-- One row is one charge, with what it is called on pages, and what the rules say of it.
select
    *,
    cast(ChargePeriodStart as date) as day,
    coalesce(ServiceProviderName, ProviderName) as provider,
    BillingAccountId as account,
    SubAccountId as sub_account,
    cast(date_trunc('month', BillingPeriodStart) as date) as billing_month,
    InvoiceId as invoice,
    BillingCurrency as currency,
    ServiceCategory as category,
    ServiceName as service,
    ChargeCategory as charge,
    ChargeClass = 'Correction' as is_correction,
    PricingCategory as pricing,
    CommitmentDiscountStatus as commitment,
    CommitmentDiscountId as commitment_id,
    CommitmentDiscountName as commitment_name,
    CommitmentDiscountType as commitment_type,
    CommitmentDiscountCategory as commitment_category
from matched
