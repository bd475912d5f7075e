"""One line of a bill of the invented providers, and the columns of their bills."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from connectors.demo.costs.story import Provider, Tags

Cells = dict[str, str]
"""A line as it is written: the text under each column."""

_COMMON = (
    "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart",
    "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "ChargeClass",
    "ChargeDescription", "ChargeFrequency", "BilledCost", "EffectiveCost", "ListCost",
    "ContractedCost", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingUnit",
    "PricingCategory", "ConsumedQuantity", "ConsumedUnit", "InvoiceIssuerName", "ProviderName",
    "PublisherName", "ServiceCategory", "ServiceName", "ResourceId", "ResourceName",
    "ResourceType", "RegionId", "RegionName", "SkuId", "SkuPriceId", "SubAccountId",
    "SubAccountName", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountType",
    "CommitmentDiscountCategory", "CommitmentDiscountStatus", "Tags",
)  # fmt: skip
_SINCE = {
    "1.1": ("ServiceSubcategory", "CommitmentDiscountQuantity", "CommitmentDiscountUnit"),
    "1.2": ("BillingAccountType", "SubAccountType", "InvoiceId", "PricingCurrency"),
    "1.3": ("ServiceProviderName", "HostProviderName"),
}


def columns(version: str) -> tuple[str, ...]:
    """The columns of a bill of one version of FOCUS."""
    later = [name for since, names in _SINCE.items() if since <= version for name in names]
    return (*_COMMON, *later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is particular about a charge."""

    first: date
    end: date
    billed: date
    """First day of the month in whose bill it is."""
    kind: str
    describes: str
    service: str
    category: str
    subcategory: str | None = None
    frequency: str = "Usage-Based"
    billed_cost: Decimal
    effective_cost: Decimal
    list_cost: Decimal
    contracted_cost: Decimal
    is_correction: bool = False
    resource: str | None = None
    sub_account: str | None = None
    tags: Tags | None = None
    others: Cells = field(default_factory=dict)
    """Further columns: prices, quantities, commitments."""


def cells(provider: Provider, line: Line) -> Cells:
    """A line as its provider writes it."""
    sub = line.sub_account or "main"
    found = {
        **_of_provider(provider, line),
        "BillingPeriodStart": moment(line.billed),
        "BillingPeriodEnd": moment(following(line.billed)),
        "ChargePeriodStart": moment(line.first),
        "ChargePeriodEnd": moment(line.end),
        "ChargeCategory": line.kind,
        "ChargeClass": "Correction" if line.is_correction else "",
        "ChargeDescription": line.describes,
        "ChargeFrequency": line.frequency,
        "BilledCost": str(line.billed_cost),
        "EffectiveCost": str(line.effective_cost),
        "ListCost": str(line.list_cost),
        "ContractedCost": str(line.contracted_cost),
        "ServiceCategory": line.category,
        "ServiceName": line.service,
        "ServiceSubcategory": line.subcategory or f"Other ({line.category})",
        "SubAccountId": f"{provider.account}-{sub}",
        "SubAccountName": sub,
        "SubAccountType": "Project",
        "Tags": json.dumps(dict(line.tags), separators=(",", ":")) if line.tags else "",
        **line.others,
    }
    if line.resource is not None:
        found |= {
            "ResourceId": f"{provider.id}:{provider.region[0]}:{line.resource}",
            "ResourceName": line.resource,
            "ResourceType": line.service,
        }
    return found


def _of_provider(provider: Provider, line: Line) -> Cells:
    number = f"{provider.invoice}-{line.billed:%Y-%m}" if provider.invoice else ""
    return {
        "BillingAccountId": provider.account,
        "BillingAccountName": "Tarn & Fell Logistics",
        "BillingAccountType": "Customer",
        "BillingCurrency": provider.currency,
        "PricingCurrency": provider.currency,
        "InvoiceId": number,
        "InvoiceIssuerName": provider.title,
        "ProviderName": provider.title,
        "PublisherName": provider.title,
        "ServiceProviderName": provider.title,
        "HostProviderName": provider.title,
        "RegionId": provider.region[0],
        "RegionName": provider.region[1],
    }


def moment(day: date) -> str:
    """The beginning of a day (UTC) as bills write it."""
    return f"{day.isoformat()}T00:00:00Z"


def following(month: date) -> date:
    """The first day of the month after one."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
