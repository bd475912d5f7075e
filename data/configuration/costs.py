"""The part of `cairn.toml` about costs."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from data.configuration.section import Section


class RateOf(StrEnum):
    """Which day's rate a charge has."""

    MONTH_END = "month_end"
    """The last one of the month it is for."""
    CHARGE_DAY = "charge_day"
    """The last one on or before its own day."""


class CostSettings(Section):
    """How bills are allocated."""

    rules: str | None = Field(
        None,
        min_length=1,
        description="file with the rules of allocation, relative to the data folder; without one, "
        "nothing is allocated",
    )
    rates: str | None = Field(
        None,
        min_length=1,
        description="CSV file with rates of exchange, relative to the data folder: columns `day`, "
        "`base`, `quote`, `rate`, `source`; one `base` is worth `rate` of `quote`",
    )
    currency: str | None = Field(
        None,
        pattern="^[A-Z]{3}$",
        description="currency in which sums over all bills are told; default: that of the bills, "
        "if they have but one",
    )
    rate_of: RateOf = Field(
        RateOf.MONTH_END,
        description="which rate a charge has: the last one of its month (`month_end`) or of its "
        "day (`charge_day`), at most 7 days old",
    )
    anomaly_floor: Decimal = Field(
        Decimal(50),
        ge=0,
        description="how far off a day's cost is at least, in the currency of sums, to be unusual",
    )
    anomaly_share: float = Field(
        0.25, ge=0, description="likewise, as a share of what is expected of the day"
    )
    anomaly_days: int = Field(
        2, ge=1, le=28, description="for how many days in a row it is, to be unusual"
    )
