"""A company with bills of two sources and two currencies, small enough to add up by hand."""

from __future__ import annotations

import os
from pathlib import Path

from connectors.update import update
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line

CONFIGURATION = """\
[organisation]
name = "Harbour"

[cost]
rules = "rules.toml"

[[team]]
name = "pay"
title = "Payments"

[[team]]
name = "web"
title = "Web"

[[source]]
kind = "bills"
name = "cloud"
path = "cloud/*.csv"
delivery = "replacement"

[[source]]
kind = "bills"
name = "hosting"
path = "hosting/*.csv"
delivery = "append"
"""
RULES = """\
version = "2026-1"

[tag]
team = ["team", "owner"]

[[rule]]
id = "tax"
match = { ServiceName = "VAT" }
unallocatable = "nobody can do anything about a tax"

[[rule]]
id = "sandbox"
match = { SubAccountId = "sandbox-*" }
exclude = "paid by the training budget"

[[rule]]
id = "unused"
match = { CommitmentDiscountStatus = "Unused" }
pool = "unused"

[[rule]]
id = "by-tag"
match = {}
team_from = "tag.team"
teams = { payments = "pay" }

[[rule]]
id = "support"
match = { ServiceName = ["Support", "Help*"] }
pool = "support"

[[rule]]
id = "cluster"
match = { ServiceName = "Cluster" }
pool = "cluster"

[[rule]]
id = "never"
match = { ServiceName = "Fax", BilledCost = ["0", "> 1000"] }
team = "web"

[[pool]]
id = "support"
title = "Support of the provider"
split = "fixed"
shares = { pay = "0.5", web = "0.3", cluster = "0.2" }

[[pool]]
id = "cluster"
title = "Cluster"
split = "driver"
driver = "pipeline_minutes"
fallback = ["previous", "even"]

[[pool]]
id = "unused"
title = "Unused commitments"
is_idle = true
split = "direct_cost"
fallback = ["even"]
"""
MACHINES = "commitment-machines"


def _month(number: int) -> dict[str, str]:
    return {
        "BillingPeriodStart": f"2026-{number:02}-01T00:00:00Z",
        "BillingPeriodEnd": f"2026-{number + 1:02}-01T00:00:00Z",
        "ChargePeriodStart": f"2026-{number:02}-05T00:00:00Z",
        "ChargePeriodEnd": f"2026-{number:02}-06T00:00:00Z",
    }


def _plain(number: int, billed: str, effective: str | None = None, **more: str) -> dict[str, str]:
    wide = {"InvoiceId": f"INV-{number}", "SubAccountId": "main", "Tags": "", "ResourceId": "",
            "ChargeFrequency": "Usage-Based", "PricingCategory": "Standard",
            "CommitmentDiscountId": "", "CommitmentDiscountName": "",
            "CommitmentDiscountType": "", "CommitmentDiscountCategory": "",
            "CommitmentDiscountStatus": ""}  # fmt: skip
    amounts = {"BilledCost": billed, "EffectiveCost": effective or billed}
    return line(**{**wide, **_month(number), **amounts, **more})


def _committed(number: int, used: str, unused: str) -> list[dict[str, str]]:
    named = {"CommitmentDiscountId": MACHINES, "CommitmentDiscountName": "Machines, one year",
             "CommitmentDiscountType": "Reserved machines", "CommitmentDiscountCategory": "Usage",
             "PricingCategory": "Committed"}  # fmt: skip
    bought = {**named, "ChargeCategory": "Purchase", "ChargeFrequency": "Recurring"}
    return [
        _plain(number, "100", "0", **{**bought, "Tags": '{"team": "web"}'}),
        _plain(number, "0", used, **named, CommitmentDiscountStatus="Used",
               Tags='{"team": "web"}', ListCost="120"),
        _plain(number, "0", unused, **named, CommitmentDiscountStatus="Unused", ListCost="0"),
    ]  # fmt: skip


def cloud(number: int) -> list[dict[str, str]]:
    """A month of the first source in EUR: 800 and 100 × its number, without the row refused."""
    return [
        _plain(number, f"{number * 100}", Tags='{"team": "pay"}', ListCost="200"),
        _plain(number, "200.10", Tags='{"Owner": "WEB"}', ListCost="250"),
        _plain(number, "50", Tags='{"team": "payments"}'),
        _plain(number, "90", ServiceName="Support", ServiceCategory="Other"),
        _plain(number, "120", ServiceName="Cluster"),
        _plain(number, "60.90", ServiceName="Disks", ServiceCategory="Storage",
               ResourceId="disk-7", Tags='{"stage": "test"}'),
        _plain(number, "33", ServiceName="Disks", ServiceCategory="Storage"),
        _plain(number, "76", ServiceName="VAT", ServiceCategory="Other", ChargeCategory="Tax",
               PricingQuantity="", PricingUnit=""),
        _plain(number, "70", SubAccountId="sandbox-1"),
        *_committed(number, "75", "25"),
        _plain(number, "5,00", Tags='{"team": "web"}'),
    ]  # fmt: skip


def deliver(folder: Path, name: str, *rows: dict[str, str], at: int = 0) -> None:
    """Writes a bill, so many seconds after the first."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    bill(path.parent, *rows, name=path.name)
    os.utime(path, (1_780_000_000 + at,) * 2)


def harbour(folder: Path) -> Workspace:
    """Publishes the company."""
    workspace = written(folder)
    update(workspace, lambda *_: None)
    return workspace


def written(folder: Path) -> Workspace:
    """The company before its first sync.

    Of January the bill came twice, of the second source one is in USD.
    """
    (folder / "cairn.toml").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    deliver(folder, "cloud/2026-01-first.csv", _plain(1, "999"))
    for number in (1, 2, 3):
        deliver(folder, f"cloud/2026-{number:02}.csv", *cloud(number), at=number * 100)
    dollars = {"BillingCurrency": "USD", "BillingAccountId": "account-2"}
    deliver(folder, "hosting/a.csv", _plain(3, "40.005", **dollars, Tags='{"team": "web"}'))
    deliver(folder, "hosting/again.csv", _plain(3, "40.005", **dollars, Tags='{"team": "web"}'),
            at=7)  # fmt: skip
    return Workspace(folder)
