"""Small bills in the form of FOCUS, as texts and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from data.costs.bill.column import known

_PLAIN = {
    "BilledCost": "1.25",
    "EffectiveCost": "1.125",
    "ListCost": "2",
    "ContractedCost": "1.5",
    "BillingAccountId": "account-1",
    "BillingAccountName": "Harbour",
    "BillingCurrency": "EUR",
    "BillingPeriodStart": "2026-01-01T00:00:00Z",
    "BillingPeriodEnd": "2026-02-01T00:00:00Z",
    "ChargePeriodStart": "2026-01-05T00:00:00Z",
    "ChargePeriodEnd": "2026-01-06T00:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "ChargeDescription": "hours of a small machine",
    "InvoiceIssuerName": "Cloud of Example",
    "PricingQuantity": "24",
    "PricingUnit": "Hours",
    "ProviderName": "Cloud of Example",
    "PublisherName": "Cloud of Example",
    "ServiceCategory": "Compute",
    "ServiceName": "Machines",
}


def line(**values: str | None) -> dict[str, str]:
    """A sound row with every mandatory column, but for the values that are given; None: no cell."""
    return {name: value for name, value in {**_PLAIN, **values}.items() if value is not None}


def written(*rows: Mapping[str, str], delimiter: str = ",") -> str:
    """Rows as CSV, with the columns of the first one."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def bill(folder: Path, *rows: Mapping[str, str], name: str = "bill.csv") -> Path:
    """Rows as a CSV file."""
    path = folder / name
    path.write_text(written(*rows), encoding="utf-8")
    return path


def mandatory(version: str) -> set[str]:
    """The columns that a version must have."""
    return {name for name, one in known().of(version).items() if one.level == "mandatory"}
