"""Sums in the currency of reporting, or why there is none: pages, metrics and CLI ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data.store.snapshot import Snapshot

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A rate that charges need and the file of rates has not."""

    base: str
    quote: str | None
    """None: no currency of reporting is known."""
    day: date
    """The day that is asked for."""

    def __str__(self) -> str:
        return f"{self.base} in {self.quote} on {self.day}"


@dataclass(frozen=True, slots=True)
class Reported:
    """What charges come to in the currency of reporting; sums are whole, or None.

    Of an estimate nothing is billed: it has no part in what is billed, and so leaves it known.
    """

    currency: str | None
    billed: Decimal | None
    effective: Decimal | None
    missing: tuple[MissingRate, ...]
    why: str | None
    """Why there is no sum, in one line; None: there is one."""


def reporting_sum(amount: str) -> str:
    """SQL of the sum over rows of `charge_day`; null where one lacks its rate, or its amount.

    Args:
        amount: `billed`, which leaves out estimates, or `effective`.
    """
    counted = "not is_estimate" if amount == "billed" else "true"
    lacking = f"count_if({counted} and ({amount}_cost is null or rate is null))"
    return f"case when {lacking} = 0 then sum(reporting_{amount}) filter (where {counted}) end"


def reported(
    snapshot: Snapshot, where: str = "true", parameters: Mapping[str, Any] | None = None
) -> Reported:
    """Sums charges in the currency of reporting.

    Args:
        snapshot: whose charges.
        where: condition over `charge_day`, in SQL; its values as parameters only.
        parameters: the values it names.
    """
    ((row),) = snapshot.rows(
        f"""
        select
            count(*) as rows,
            min(reporting_currency) as currency,
            {reporting_sum("billed")} as billed,
            {reporting_sum("effective")} as effective
        from charge_day
        where {where}
        """,
        dict(parameters or {}),
    )
    missing = _missing(snapshot, where, parameters or {})
    why = _why(missing) if row["rows"] else "there are no charges"
    return Reported(row["currency"], row["billed"], row["effective"], missing, why)


def _missing(
    snapshot: Snapshot, where: str, parameters: Mapping[str, Any]
) -> tuple[MissingRate, ...]:
    rows = snapshot.rows(
        f"""
        with lacking as (
            select distinct currency, day
            from charge_day
            where rate is null
              and ({where})
        )
        select distinct r.currency, r.reporting_currency, r.asked_day
        from charge_rate r
        join lacking l
          on l.currency = r.currency
         and l.day = r.day
        order by all
        """,
        dict(parameters),
    )
    return tuple(MissingRate(*row.values()) for row in rows)


def _why(missing: tuple[MissingRate, ...]) -> str | None:
    if not missing:
        return None
    if missing[0].quote is None:
        found = sorted({one.base for one in missing})
        return f"bills are in {' and '.join(found)}: name the currency of sums (`[cost] currency`)"
    named = "; ".join(map(str, missing[:_MOST_NAMED]))
    more = len(missing) - _MOST_NAMED
    further = f"; and {more} more" if more > 0 else ""
    return f"no rate of {named}{further}, nor in the 7 days before: add it to the file of rates"
