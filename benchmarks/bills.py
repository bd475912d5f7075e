"""Loading and checking a generated bill against DuckDB alone reading the same file into a table.

Loading is what `cairn sync` does with a bill: each value read strictly, each rule of FOCUS asked,
the lines written as Parquet. Each runs in a process of its own, so that its memory is its own too.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.figure import Figure
from benchmarks.lines import MOST_ROWS_OF_CSV, ROWS
from data.costs.bill.examining import read_bill
from data.costs.bill.form import Form
from data.store.memory import limit_memory

MOST_CSV = 2.0
MOST_PARQUET = 4.0
MOST_GIGABYTES = 4.0
_GENERATED = """
    select
        cast((hash(i) % 1000000) / 7919 as decimal(38, 12)) as BilledCost,
        cast((hash(i) % 900000) / 7919 as decimal(38, 12)) as EffectiveCost,
        cast(1 + i % 30 as decimal(38, 12)) as PricingQuantity,
        cast(0.25 + i % 8 as decimal(38, 12)) as ListUnitPrice,
        cast((0.25 + i % 8) * (1 + i % 30) as decimal(38, 12)) as ListCost,
        cast((0.25 + i % 8) * (1 + i % 30) as decimal(38, 12)) as ContractedCost,
        'account-' || i % 3 as BillingAccountId,
        'Account ' || i % 3 as BillingAccountName,
        'EUR' as BillingCurrency,
        timestamptz '2026-01-01 00:00:00Z' as BillingPeriodStart,
        timestamptz '2026-02-01 00:00:00Z' as BillingPeriodEnd,
        timestamptz '2026-01-01 00:00:00Z' + to_hours(i % 744) as ChargePeriodStart,
        timestamptz '2026-01-01 01:00:00Z' + to_hours(i % 744) as ChargePeriodEnd,
        'Usage' as ChargeCategory,
        cast(null as varchar) as ChargeClass,
        'an hour of machine kind ' || i % 97 as ChargeDescription,
        'Usage-Based' as ChargeFrequency,
        'Cloud of Example' as InvoiceIssuerName,
        'Hours' as PricingUnit,
        'Standard' as PricingCategory,
        'Cloud of Example' as ProviderName,
        'Cloud of Example' as PublisherName,
        'region-' || i % 11 as RegionId,
        'Region ' || i % 11 as RegionName,
        'resource-' || hash(i) % 200000 as ResourceId,
        'machine' as ResourceType,
        ['Compute', 'Storage', 'Databases', 'Networking'][1 + i % 4] as ServiceCategory,
        'Service ' || i % 4 as ServiceName,
        'sku-' || i % 97 as SkuId,
        'price-' || i % 97 as SkuPriceId,
        'sub-' || i % 53 as SubAccountId,
        'Sub ' || i % 53 as SubAccountName,
        '{"team": "team-' || i % 29 || '", "stage": "' || ['prod', 'test'][1 + i % 2] || '"}'
            as Tags
    from range({rows}) as generated(i)
"""


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    processor_seconds: float
    gigabytes: float


def run(rows: int = ROWS) -> list[Figure]:
    """Measures CSV, unless there are too many rows for it, and Parquet."""
    with_csv = rows <= MOST_ROWS_OF_CSV
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        csv, parquet = folder / "bill.csv", folder / "bill.parquet"
        # A process is told to have had the memory of the one that began it: this one stays small.
        generating = get_context("spawn").Process(
            target=_generate, args=(rows, parquet, csv if with_csv else None)
        )
        generating.start()
        generating.join()
        return [
            *(_figures("CSV", rows, csv, MOST_CSV) if with_csv else ()),
            *_figures("Parquet", rows, parquet, MOST_PARQUET),
        ]


def _generate(rows: int, parquet: Path, csv: Path | None) -> None:
    with duckdb.connect() as connection:
        limit_memory(connection)
        connection.execute("set TimeZone = 'UTC'")
        generated = _GENERATED.replace("{rows}", str(rows))
        connection.execute(f"copy ({generated}) to '{parquet}' (format parquet)")
        if csv is None:
            return
        stamped = "timestampformat '%Y-%m-%dT%H:%M:%SZ'"
        connection.execute(f"copy (from '{parquet}') to '{csv}' (header, {stamped})")


def _figures(kind: str, rows: int, bill: Path, most: float) -> list[Figure]:
    plain, loaded = _apart(_read, bill), _apart(_load, bill)
    detail = (
        f"{rows:,} rows, {bill.stat().st_size / 1e9:.1f} GB: loaded and checked in "
        f"{loaded.seconds:.0f} s ({loaded.processor_seconds:.0f} s of processor), read by DuckDB "
        f"alone in {plain.seconds:.0f} s ({plain.processor_seconds:.0f} s)"
    )
    return [
        Figure(f"Bill as {kind}: load and check / plain read",
               loaded.seconds / plain.seconds, most, "×", detail),
        Figure(f"Bill as {kind}: memory of load and check",
               loaded.gigabytes, MOST_GIGABYTES, "GB", f"{plain.gigabytes:.1f} GB of plain read"),
    ]  # fmt: skip


def _read(bill: Path, folder: Path) -> None:
    with duckdb.connect(folder / "plain.duckdb") as connection:
        connection.execute(f"create table plain as from '{bill}'")


def _load(bill: Path, folder: Path) -> None:
    found = read_bill(bill, Form(), folder / "lines.parquet")
    assert found.refused_rows == 0, found.refused
    assert not found.told, found.told


def _apart(work: Callable[[Path, Path], None], bill: Path) -> _Run:
    """Runs in a new process."""
    here, there = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_measured, args=(work, bill, there))
    process.start()
    there.close()
    measured: _Run = here.recv()
    process.join()
    return measured


def _measured(work: Callable[[Path, Path], None], bill: Path, answer: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        work(bill, Path(folder))
        seconds = perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer.send(_Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6))
