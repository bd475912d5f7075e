"""Cost day by day: a day that bills do not hold to its end is unknown, and never zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from data.costs.part import Part
from data.costs.rates.reported import reported, reporting_sum
from data.period import Window
from data.series.points import Known
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Day:
    """What a part cost on a day (UTC)."""

    day: date
    cost: Decimal | None
    """Effective, in the currency of reporting; None: no bill holds all of the day, or tells it."""
    is_final: bool
    """Whether its bills were written after their period was over."""
    is_untold: bool = False
    """Whether bills hold all of it, and one does not tell effective cost."""


@dataclass(frozen=True, slots=True)
class Daily:
    """The days from the first that is billed on, oldest first."""

    days: tuple[Day, ...]
    currency: str | None
    why: str | None
    """Why no cost is told, in one line; None: it is."""

    @property
    def complete_until(self) -> date | None:
        """The day after the last that bills hold to its end."""
        last = next((one.day for one in reversed(self.days) if one.cost is not None), None)
        return None if last is None else last + timedelta(days=1)

    def known(self) -> list[Known]:
        """The days with a cost, as series read them."""
        return [
            Known(Window(one.day, one.day + timedelta(days=1)), float(one.cost))
            for one in self.days
            if one.cost is not None
        ]

    def within(self, first: date, end: date) -> tuple[Day, ...]:
        """The days from one on and before another."""
        return tuple(one for one in self.days if first <= one.day < end)


def daily(snapshot: Snapshot, part: Part = Part()) -> Daily:  # noqa: B008 - it is frozen
    """What a part costs day by day.

    Where the rate of one of its charges is missing, no cost is told of any day.
    """
    total = reported(snapshot, part.condition(), part.parameters())
    if total.why is not None:
        return Daily((), total.currency, total.why)
    rows = snapshot.rows(
        f"""
        -- One row is one day, and what the part cost on it.
        select
            b.day,
            b.state,
            case when c.day is null then 0 else c.cost end as cost
        from billed_day b
        left join (
            select
                day,
                {reporting_sum("effective")} as cost
            from charge_day
            where {part.condition()}
            group by day
        ) c
          on c.day = b.day
        order by b.day
        """,
        part.parameters(),
    )
    days = tuple(
        Day(
            row["day"],
            None if row["state"] == "none" else row["cost"],
            row["state"] == "final",
            row["state"] != "none" and row["cost"] is None,
        )
        for row in rows
    )
    return Daily(days, total.currency, None)
