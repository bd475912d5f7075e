"""How much of a month is compared with others: all of it, or its first days while it still runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.costs.views.asked import Asked, Cost, answered
from data.period import Grain, following
from data.store.snapshot import Snapshot

_NEWEST = """
    -- One row is the newest month of a source, of what is billed or of what it estimates.
    select
        source,
        is_estimate,
        max(billing_month) as month
    from charge_day
    group by source, is_estimate
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """The days of a month that its bills hold, and so the days of others to hold them against."""

    month: date
    """Its first day."""
    days: int | None
    """So many of its first days; None: all, so that whole months are compared."""
    behind: str | None
    """The account that reaches least, where it is not whole."""

    @property
    def counted(self) -> int:
        """How many days of the month are compared."""
        return days_of(self.month) if self.days is None else self.days


def compared(snapshot: Snapshot, asked: Asked) -> Compared | None:
    """How much of the month asked for is compared; of the newest, if none is; None: no bill holds.

    Never more days than the month before it has, so that as many are compared.
    """
    month = asked.month or _newest(snapshot, asked)
    if month is None:
        return None
    rows = answered(snapshot, "compared", asked, of_month=month)
    if not rows or rows[0]["days"] is None:
        return Compared(month, None, None)
    least = rows[0]
    days = min(least["days"], days_of(month_before(month)))
    return Compared(month, days, f"{least['source']} ({least['account']})")


def days_of(month: date) -> int:
    """How many days a month has."""
    return (following(month, Grain.MONTH) - month).days


def month_before(month: date) -> date:
    """The first day of the month before one."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _newest(snapshot: Snapshot, asked: Asked) -> date | None:
    """Of the source that is asked for: another one may have newer bills, or newer estimates."""
    rows = [
        one
        for one in snapshot.remembered(_NEWEST)
        if asked.source in (None, one["source"])
        and (asked.cost is Cost.EFFECTIVE or not one["is_estimate"])
    ]
    month: date | None = max((one["month"] for one in rows), default=None)
    return month
