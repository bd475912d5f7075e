"""What a snapshot lacks to tell and to split costs: rates of currencies, values of drivers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.costs.views.asked import has_table
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class NoRate:
    """A currency of bills that cannot be told in that of sums on some days."""

    currency: str
    reporting_currency: str | None
    """None: none is named, and bills are in several."""
    days: int
    """Days with charges that have no rate."""
    asked_day: date
    """The first day of which a rate is asked for."""


@dataclass(frozen=True, slots=True)
class IdleDriver:
    """A pool that is to be split by something of which nothing is known."""

    pool: str
    driver: str
    months: int
    """With charges in the pool."""
    without: int
    """Of them, those of which no value is known."""
    first: date
    """The first of these."""


def missing_rates(snapshot: Snapshot) -> tuple[NoRate, ...]:
    """Currencies without a rate, in alphabetical order."""
    if not has_table(snapshot, "charge_rate"):
        return ()
    rows = snapshot.rows(
        """
        -- One row is one currency of bills that lacks a rate on some days.
        select
            currency,
            reporting_currency,
            count(distinct day) as days,
            min(asked_day) as asked_day
        from charge_rate
        where rate is null
        group by currency, reporting_currency
        order by currency
        """
    )
    return tuple(NoRate(**row) for row in rows)


def idle_drivers(snapshot: Snapshot) -> tuple[IdleDriver, ...]:
    """Pools that a driver should split in months of which it tells nothing."""
    if not has_table(snapshot, "cost_driver") or not has_table(snapshot, "charge_day"):
        return ()
    rows = snapshot.rows(
        """
        -- One row is one pool with its driver, and the months of which nothing is known.
        with used as (
            select distinct
                unnest(path) as pool,
                cast(date_trunc('month', day) as date) as month
            from charge_day
            where pool is not null
        ),
        known as (
            select distinct
                driver,
                month
            from cost_driver
            where amount is not null
        )
        select
            p.pool,
            p.driver,
            count(*) as months,
            count_if(k.month is null) as without,
            min(u.month) filter (where k.month is null) as first
        from cost_pool p
        join used u
          on u.pool = p.pool
         and (p.from_day is null or u.month >= p.from_day)
         and (p.until_day is null or u.month < p.until_day)
        left join known k
          on k.driver = p.driver
         and k.month = u.month
        where p.driver is not null
        group by p.pool, p.driver
        having count_if(k.month is null) > 0
        order by p.pool
        """
    )
    return tuple(
        IdleDriver(
            row["pool"], row["driver"], int(row["months"]), int(row["without"]), row["first"]
        )
        for row in rows
    )
