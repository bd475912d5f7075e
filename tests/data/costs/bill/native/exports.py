"""Small exports of providers, as rows; accounts, names and amounts are made up."""

from __future__ import annotations

AWS = {
    "bill/PayerAccountId": "100000000001",
    "bill/BillingPeriodStartDate": "2026-01-01T00:00:00Z",
    "bill/BillingPeriodEndDate": "2026-02-01T00:00:00Z",
    "bill/InvoiceId": "inv-1",
    "lineItem/UsageAccountId": "200000000002",
    "lineItem/LineItemType": "Usage",
    "lineItem/UsageStartDate": "2026-01-05T00:00:00Z",
    "lineItem/UsageEndDate": "2026-01-05T01:00:00Z",
    "lineItem/ProductCode": "AmazonEC2",
    "lineItem/UsageAmount": "1",
    "lineItem/CurrencyCode": "USD",
    "lineItem/UnblendedCost": "0.5",
    "lineItem/BlendedCost": "0.4",
    "pricing/publicOnDemandCost": "0.6",
    "reservation/EffectiveCost": "",
    "reservation/ReservationARN": "",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "",
    "reservation/UnusedRecurringFee": "",
    "savingsPlan/SavingsPlanARN": "",
    "savingsPlan/SavingsPlanEffectiveCost": "",
    "savingsPlan/TotalCommitmentToDate": "",
    "savingsPlan/UsedCommitment": "",
    "resourceTags/user:team": "pay",
    "resourceTags/aws:createdBy": "",
}

AZURE = {
    "BillingAccountId": "7000001",
    "BillingAccountName": "Harbour",
    "BillingPeriodStartDate": "01/01/2026",
    "BillingPeriodEndDate": "01/31/2026",
    "SubscriptionId": "sub-1",
    "SubscriptionName": "Ferries",
    "Date": "01/05/2026",
    "MeterCategory": "Virtual Machines",
    "ServiceFamily": "Compute",
    "Quantity": "24",
    "CostInBillingCurrency": "1.25",
    "BillingCurrencyCode": "EUR",
    "ResourceLocation": "West Europe",
    "ResourceId": "/subscriptions/sub-1/machines/quay",
    "Tags": '"team": "pay","env": "prod"',
    "ReservationId": "",
    "ChargeType": "Usage",
    "Frequency": "UsageBased",
    "PricingModel": "OnDemand",
}
RESERVED = {"ReservationId": "r-1", "PricingModel": "Reservation"}
"""What of it tells that a reservation was used."""

GCP = {
    "billing_account_id": "AAAAAA-BBBBBB-CCCCCC",
    "service.description": "Compute Engine",
    "sku.id": "0000-1111",
    "sku.description": "hours of a small machine",
    "usage_start_time": "2026-01-05 00:00:00 UTC",
    "usage_end_time": "2026-01-05 01:00:00 UTC",
    "project.id": "ferries",
    "labels": '[{"key": "team", "value": "pay"}]',
    "project.labels": '[{"key": "unit", "value": "quay"}]',
    "cost": "2.5",
    "currency": "EUR",
    "usage.amount": "3600",
    "usage.unit": "seconds",
    "credits": "[]",
    "invoice.month": "202601",
    "cost_type": "regular",
}


def changed(row: dict[str, str], **values: str) -> dict[str, str]:
    """A row with other values, named by their column or the end of it."""
    whole = dict(row)
    for name, value in values.items():
        (column,) = [name] if name in row else [key for key in row if key.endswith(name)]
        whole[column] = value
    return whole


def snake(row: dict[str, str]) -> dict[str, str]:
    """A row of the AWS report as Athena and the newer one name its columns."""
    named = {}
    for name, value in row.items():
        group, _, rest = name.replace(":", "/").partition("/")
        text = "".join(f"_{c.lower()}" if c.isupper() else c for c in f"{group}/{rest}")
        named[text.replace("/", "_").replace("__", "_")] = value
    return named


def allocation(name: str, cost: float, **values: object) -> dict[str, object]:
    """One allocation of OpenCost on the fifth of January."""
    window = {"start": "2026-01-05T00:00:00Z", "end": "2026-01-06T00:00:00Z"}
    whole = {"name": name, "properties": {"cluster": "quay"}, "window": window,
             "cpuCost": cost, "totalCost": cost}  # fmt: skip
    return {**whole, **values}
