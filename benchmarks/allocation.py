"""Bills of ten million rows, allocated by 200 rules and 20 pools, and asked by pages.

The lines are made here in the form in which the store keeps them; what is compared with is the same
roll-up of the same file, by day, account, service and category, without any rule.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import duckdb

from benchmarks.cost_questions import slowest
from benchmarks.figure import Figure
from benchmarks.lines import ROWS
from data.configuration import Configuration
from data.costs.allocation.allocating import allocate
from data.costs.allocation.book import Book
from data.costs.bill.column import known
from data.costs.building import Costs
from data.facts.build import build
from data.model import Bill, BillPart
from data.store.page import Page
from data.store.publish import publish
from data.store.quoting import quoted
from data.store.working import Working
from data.store.workspace import Workspace

RULES, POOLS, TEAMS = 200, 20, 30
MOST_SLOWER, MOST_GIGABYTES, MOST_SECONDS = 10.0, 4.0, 1.0
_LOAD = "lines"
_NOW = datetime(2026, 2, 1, tzinfo=UTC)
_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_LINES = """
    -- One row is one hour of one resource, which has its account, service and tags for good.
    with numbers as (
        select
            i,
            hash(i * 3) % 50000 as resource
        from range({rows}) as made(i)
    ),
    resources as (
        select
            *,
            resource % 5000 as sub
        from numbers
    )
    select
        i + 1 as bill_row,
        cast((hash(i) % 1000000) / 1000.0 - 50 as decimal(38, 12)) as BilledCost,
        cast((hash(i + 7) % 1000000) / 1000.0 as decimal(38, 12)) as EffectiveCost,
        cast((hash(i + 9) % 1000000) / 1000.0 as decimal(38, 12)) as ListCost,
        cast((hash(i + 11) % 1000000) / 1000.0 as decimal(38, 12)) as ContractedCost,
        'account-' || sub % 5 as BillingAccountId,
        'sub-' || sub as SubAccountId,
        'service-' || hash(resource) % 200 as ServiceName,
        'Compute' as ServiceCategory,
        'Cloud of Example' as ProviderName,
        case when hash(resource * 11) % 20 = 0 then 'Tax' else 'Usage' end as ChargeCategory,
        '{{"team": "t' || hash(resource * 13) % 300 || '", "env": "'
            || case hash(resource * 17) % 3 when 0 then 'prod' when 1 then 'dev' else 'test' end
            || '"}}' as Tags,
        'resource-' || resource as ResourceId,
        case when sub % 5 < 3 then 'EUR' else 'USD' end as BillingCurrency,
        timestamptz '2026-01-01 00:00Z' as BillingPeriodStart,
        timestamptz '2026-02-01 00:00Z' as BillingPeriodEnd,
        timestamptz '2026-01-01 00:00Z' + interval 1 hour * (i * 744 // {rows})
            as ChargePeriodStart,
        cast(null as varchar[]) as rounded,
        cast(null as struct("column" varchar, written varchar, why varchar)[]) as refused
    from resources
"""
_ROLLED_UP = """
    select
        BillingAccountId,
        SubAccountId,
        cast(ChargePeriodStart as date) as day,
        BillingCurrency,
        ServiceName,
        ChargeCategory,
        sum(BilledCost) as billed,
        sum(EffectiveCost) as effective
    from {lines}
    group by all
"""
_NO_CHARGE = ", ".join(
    f'cast(null as {column.type.sql}) as "{name}"' for name, column in known().columns.items()
)
_CHARGES = f"""
    select {_NO_CHARGE}, '' as source, '' as load, cast(0 as bigint) as bill_row,
        cast(0 as bigint) as bill_line, false as is_estimate where false
    union all by name
    select * exclude (rounded, refused), 'bench' as source, '{_LOAD}' as load, false as is_estimate
    from '{{lines}}'
"""
_OF_TEAMS = """
    select
        account,
        sub_account,
        day,
        currency,
        service,
        charge,
        team,
        bucket,
        rule,
        method,
        BilledCost as billed,
        EffectiveCost as effective
    from allocated_cell
"""


def run() -> list[Figure]:
    """Allocates, publishes, and asks."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name))
        lines = _lines(workspace)
        grouped = min(_rolled_up(lines) for _ in range(2))
        allocated, before = _allocated(lines)
        costs = Costs(workspace.bills, _book(), [f"t{n}" for n in range(TEAMS)])
        published = _published(workspace, lines, costs)
        asked, question, questions = slowest(workspace, _FROM.date())
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    about = f"{ROWS:,} rows, {RULES} rules, {POOLS} pools of {TEAMS} teams"
    return [
        Figure(
            "costs: allocation / the roll-up alone", allocated / grouped, MOST_SLOWER, "×",
            f"{about}: {allocated:.1f} s, {grouped:.1f} s; sums {before}; published with all that "
            f"pages and checks look at in {published:.1f} s",
        ),
        Figure(
            "costs: slowest question of a page", asked, MOST_SECONDS, "s",
            f"{question}; of {questions} questions over {ROWS:,} rows",
        ),
        Figure("costs: memory", gigabytes, MOST_GIGABYTES, "GB", f"at most, {about}"),
    ]  # fmt: skip


def _connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return connection


def _lines(workspace: Workspace) -> Path:
    workspace.bills.mkdir(parents=True)
    path = workspace.bills / f"{_LOAD}.parquet"
    with _connected() as connection:
        made = _LINES.format(rows=ROWS)
        connection.execute(f"copy ({made}) to '{quoted(path)}' (compression zstd)")
    return path


def _rolled_up(lines: Path) -> float:
    with _connected() as connection:
        began = perf_counter()
        rolled_up = _ROLLED_UP.format(lines=f"'{quoted(lines)}'")
        connection.execute(f"create table found as {rolled_up}")
        return perf_counter() - began


def _allocated(lines: Path) -> tuple[float, str]:
    """Seconds to what each team has by account, day, currency and service; whether it adds up."""
    with _connected() as connection:
        connection.execute(f"create view charge as {_CHARGES.format(lines=quoted(lines))}")
        began = perf_counter()
        allocate(connection, _book(), [f"t{n}" for n in range(TEAMS)], {})
        connection.execute(f"create table found as {_OF_TEAMS}")
        seconds = perf_counter() - began
        rows = connection.execute(
            """
            select
                (select sum(BilledCost) from charge) = (select sum(billed) from found)
            and (select sum(EffectiveCost) from charge)
                = (select sum(effective) from found)
            """
        ).fetchall()
    return seconds, "equal" if rows == [(True,)] else "DIFFER"


def _published(workspace: Workspace, lines: Path, costs: Costs) -> float:
    with closing(Working(workspace.working)) as working:
        page = Page(source="bench", stream="bills", evidence="none", observed_at=_NOW,
                    settings="", complete_until=_NOW)  # fmt: skip
        working.merge_records(page, list(_records(lines)))
        fill = partial(build, configuration=Configuration(), facts=(), further=costs.write)
        began = perf_counter()
        publish(workspace, working.connection, fill, keep=2)
        return perf_counter() - began


def _records(lines: Path) -> Iterator[Bill | BillPart]:
    yield Bill(
        id="bill", source="bench", url=None, name="bill", sha256="0", load=_LOAD, version="1.2",
        view="whole",
        form="focus", delivery="append", unit="bill", written_at=_NOW, rows=ROWS, taken=ROWS,
    )  # fmt: skip
    with _connected() as connection:
        rows = connection.execute(
            f"""
            select BillingAccountId, BillingCurrency, count(*), sum(BilledCost), sum(EffectiveCost)
            from '{quoted(lines)}'
            group by all
            """
        ).fetchall()
    for number, (account, currency, count, billed, effective) in enumerate(rows):
        yield BillPart(
            id=f"bill/{number}", source="bench", url=None, bill="bill", account=account,
            from_at=_FROM, until_at=_NOW, invoice=None, currency=currency, rows=count,
            billed_cost=billed, effective_cost=effective,
        )  # fmt: skip


def _book() -> Book:
    """Rules by service, tag, sub-account, amount and several at once; the first fall into pools."""
    acts = [{"pool": f"p{n}"} for n in range(POOLS)]
    acts += [{"team": f"t{n % TEAMS}"} for n in range(POOLS, RULES)]
    pools = [
        {"id": f"p{n}", "split": ("even", "direct_cost")[n % 2], "fallback": ["even"]}
        for n in range(POOLS)
    ]
    rules = [{"id": f"r{n}", "match": _match(n), **act} for n, act in enumerate(acts)]
    return Book.model_validate({"version": "bench", "rule": rules, "pool": pools})


def _match(number: int) -> dict[str, object]:
    match number % 4:
        case 0 if number % 5 == 0:
            return {"ServiceName": f"service-{number}", "BilledCost": f"< {number}"}
        case 0:
            return {"ServiceName": f"service-{number}"}
        case 1:
            return {"tag.team": f"t{number}"}
        case 2:
            return {"SubAccountId": [f"sub-{number * 20 + n}" for n in range(20)]}
        case _:
            return {"tag.team": f"t{number}", "tag.env": "dev", "ChargeCategory": "Usage"}
