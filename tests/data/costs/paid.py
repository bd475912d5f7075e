"""Snapshots with charges day by day, by the real way: bills, rules, sync."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from connectors.update import update
from data.period import Grain, floor, following
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.test_building import workspace

Cost = tuple[date, str, str | None, str]
"""Day, amount, team and service."""


def days(first: date, end: date) -> list[date]:
    """The days from one on and before another."""
    return [first + timedelta(days=number) for number in range((end - first).days)]


def each_day(
    first: date, end: date, cost: Callable[[date], float], team: str | None = "pay",
    service: str = "Machines",
) -> list[Cost]:  # fmt: skip
    """One charge a day."""
    return [(day, f"{cost(day):.2f}", team, service) for day in days(first, end)]


def pay(folder: Path, costs: Sequence[Cost], known: date) -> Workspace:
    """A workspace whose bills were written month by month, each two days later or on a day.

    Args:
        folder: an empty one.
        costs: what was charged.
        known: the day on which the bill of the newest month was written, if it is not over.
    """
    found = workspace(folder)
    deliver(folder, costs, known)
    update(found, lambda *_: None)
    return found


def deliver(folder: Path, costs: Sequence[Cost], known: date) -> None:
    """Writes the bills."""
    ordered = sorted(costs, key=lambda one: one[0])
    for month, some in groupby(ordered, key=lambda one: floor(one[0], Grain.MONTH)):
        end = following(month, Grain.MONTH)
        written = min(end + timedelta(days=2), known)
        path = bill(folder / "bills", *(_line(one, month, end) for one in some),
                    name=f"{month}.csv")  # fmt: skip
        os.utime(path, (datetime.combine(written, time(1), UTC).timestamp(),) * 2)


@contextmanager
def paid(folder: Path, costs: Sequence[Cost], known: date) -> Iterator[Snapshot]:
    """The snapshot of such a workspace."""
    with closing(SnapshotReader(pay(folder, costs, known))) as reader, reader.reading() as opened:
        yield opened


def _line(one: Cost, month: date, end: date) -> dict[str, str]:
    day, cost, team, service = one
    return line(
        BillingPeriodStart=f"{month}T00:00:00Z",
        BillingPeriodEnd=f"{end}T00:00:00Z",
        ChargePeriodStart=f"{day}T00:00:00Z",
        ChargePeriodEnd=f"{day + timedelta(days=1)}T00:00:00Z",
        BilledCost=cost,
        EffectiveCost=cost,
        ServiceName=service,
        Tags=f'{{"team": "{team}"}}' if team else '{"team": "nobody"}',
    )
