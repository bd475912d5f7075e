-- One row is what one team has, of one service of one account, of one day and in one way.
select
    cast(ChargePeriodStart as date) as day,
    source,
    coalesce(ServiceProviderName, ProviderName) as provider,
    BillingAccountId as account,
    SubAccountId as sub_account,
    cast(BillingPeriodStart as date) as billing_month,
    InvoiceId as invoice,
    BillingCurrency as currency,
    ServiceCategory as category,
    ServiceName as service,
    ChargeCategory as charge,
    ChargeClass = 'Correction' as is_correction,
    CommitmentDiscountStatus as commitment,
    bucket,
    team,
    rule,
    rule_version,
    path[1] as pool,
    path,
    method,
    driver,
    reason,
    activity,
    subject,
    initiative,
    count(*) as rows,
    sum(BilledCost) as billed_cost,
    sum(EffectiveCost) as effective_cost,
    sum(ListCost) as list_cost,
    sum(ContractedCost) as contracted_cost,
    any_value(r.reporting_currency) as reporting_currency,
    any_value(r.rate) as rate,
    cast(sum(BilledCost) * any_value(r.rate) as decimal(38, 12)) as reporting_billed,
    cast(sum(EffectiveCost) * any_value(r.rate) as decimal(38, 12)) as reporting_effective
from allocated a
left join charge_rate r
  on r.currency = a.BillingCurrency
 and r.day = cast(a.ChargePeriodStart as date)
group by all
order by day, team, service
