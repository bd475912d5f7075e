"""Entities of cost: bills that were delivered, and what they are for. Their lines lie in files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class Delivery(StrEnum):
    """What a newer bill of the same account and period means for an older one."""

    REPLACEMENT = "replacement"
    """It holds instead of the older one, as a whole."""
    APPEND = "append"
    """It holds beside it: corrections come as rows of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill(Record):
    """A file of charges that was read."""

    name: Annotated[str, "path of the file, below the data folder if it lies there"]
    sha256: Annotated[str, "hash of the file"]
    load: Annotated[
        str, "name of its lines in the store: the same file, read the same way, has one"
    ]
    version: Annotated[
        str, "version of FOCUS that its columns are of, or the export of a provider, as `aws_cur`"
    ]
    view: Annotated[
        str,
        "which amounts it tells: `whole` (both), `billed`, or `effective`; of one account and "
        "period the last two are views of the same charges, and never added. `estimate` is "
        "effective cost of which nothing is ever billed",
    ]
    form: Annotated[str, "how its values are written"]
    delivery: Annotated[str, "`replacement` or `append`"]
    unit: Annotated[str, "what replaces as one: the file itself, or its folder"]
    written_at: Annotated[datetime, "when the file was written"]
    rows: Annotated[int, "rows of the file"]
    taken: Annotated[int, "those that can be counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPart(Record):
    """What a bill holds of one account, billing period, invoice and currency."""

    bill: Annotated[str, "id of the bill"]
    account: Annotated[str, "billing account"]
    from_at: Annotated[datetime, "start of the billing period"]
    until_at: Annotated[datetime, "end of the billing period, which is not part of it"]
    invoice: Annotated[str | None, "invoice; null if there is none yet, or the bill tells none"]
    currency: Annotated[str, "currency of the bill, three letters"]
    rows: Annotated[int, "rows that can be counted"]
    billed_cost: Annotated[
        Decimal | None, "exact sum of BilledCost; null if the bill does not tell it"
    ]
    effective_cost: Annotated[
        Decimal | None, "exact sum of EffectiveCost; null if the bill does not tell it"
    ]
