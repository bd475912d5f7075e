"""Charges day by day: in a workspace by the real way, or in a snapshot of little else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.update import update
from data.configuration import Configuration, Team
from data.facts.build import build
from data.facts.costs import READ
from data.period import Grain, floor, following
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.test_building import workspace
from tests.data.published import merged

Cost = tuple[date, str | None, str | None, str]
"""Day, amount (None: not told), team and service."""


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
        path = bill(folder / "bills", *(_line(one, month, end) for one in some),
                    name=f"{month}.csv")  # fmt: skip
        os.utime(path, (_written(month, known).timestamp(),) * 2)


@contextmanager
def paid(folder: Path, costs: Sequence[Cost], known: date) -> Iterator[Snapshot]:
    """A snapshot with the same charges, of which nothing is built but what they are read with."""

    def tables(connection: duckdb.DuckDBPyConnection, into: str) -> None:
        months = sorted({floor(day, Grain.MONTH) for day, *_ in costs})
        parts = [(month, following(month, Grain.MONTH), _written(month, known)) for month in months]
        connection.execute(f"create table {into}.bill_in_effect ({READ['bill_in_effect']})")
        connection.execute(f"create table {into}.charge_day ({READ['charge_day']}, {_MORE})")
        connection.execute(f"create table {into}.charge_rate ({_RATE})")
        for part in parts:
            sql = f"insert into {into}.bill_in_effect values ('cloud', 'account-1', ?, ?, ?, true)"
            connection.execute(sql, list(part))
        told = pa.table({
            name: [one[place] for one in costs]
            for place, name in enumerate(("day", "effective_cost", "team", "service"))
        })  # fmt: skip
        connection.register("told", told)
        connection.execute(
            f"""
            insert into {into}.charge_day by name
            select
                day,
                service,
                team,
                'Cloud of Example' as provider,
                case when team is null then 'unallocated' else 'direct' end as bucket,
                'EUR' as currency,
                'EUR' as reporting_currency,
                1 as rate,
                1 as rows,
                false as is_estimate,
                cast(effective_cost as decimal(38, 12)) as effective_cost,
                cast(effective_cost as decimal(38, 12)) as billed_cost,
                cast(effective_cost as decimal(38, 12)) as reporting_effective,
                cast(effective_cost as decimal(38, 12)) as reporting_billed
            from told
            """
        )
        connection.unregister("told")

    found = Workspace(folder)
    teams = Configuration(team=(Team(name="pay"), Team(name="web")))
    with merged(found, [], str(known), {}, {}) as working:
        fill = partial(build, configuration=teams, facts=["billed_day"], further=tables)
        publish(found, working.connection, fill, keep=1)
    with closing(SnapshotReader(found)) as reader, reader.reading() as opened:
        yield opened


_MORE = """
    service varchar,
    rate decimal(24, 12),
    is_estimate boolean,
    billed_cost decimal(38, 12),
    reporting_billed decimal(38, 12)
"""
_RATE = "currency varchar, day date, reporting_currency varchar, asked_day date, rate double"


def _written(month: date, known: date) -> datetime:
    written = min(following(month, Grain.MONTH) + timedelta(days=2), known)
    return datetime.combine(written, time(1), UTC)


def _line(one: Cost, month: date, end: date) -> dict[str, str]:
    day, cost, team, service = one
    return line(
        BillingPeriodStart=f"{month}T00:00:00Z",
        BillingPeriodEnd=f"{end}T00:00:00Z",
        ChargePeriodStart=f"{day}T00:00:00Z",
        ChargePeriodEnd=f"{day + timedelta(days=1)}T00:00:00Z",
        BilledCost=cost or "",
        EffectiveCost=cost or "",
        ServiceName=service,
        Tags=f'{{"team": "{team}"}}' if team else '{"team": "nobody"}',
    )
