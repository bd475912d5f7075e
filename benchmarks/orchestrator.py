"""Merging a million runs of an orchestrator against writing the bare rows, and mapping them.

Both merges begin with the same Arrow table in memory and end with closed files on the disk: plain
`create table as` in one, the working database in the other. What it takes to turn the server's
pages into that table is measured apart, on a part of the runs: it is Python, and goes along with
the requests, which take longer.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import duckdb
import pyarrow as pa

from benchmarks.figure import Figure
from connectors.airflow.connector import Airflow
from connectors.airflow.settings import Settings
from connectors.hosting.page import write_page
from connectors.interface import Context
from connectors.rebuild import mapped
from data.model import ENTITIES
from data.store.page import Page
from data.store.working import Working
from tests.doubles.airflow import shapes

LIMIT = 4.0
MAPPING_LIMIT_MILLISECONDS = 25.0
"""Of the processor, for a hundred runs and as many tasks: a server takes longer to tell them."""
_ROWS_A_BATCH = 250_000
_RUNS_A_PAGE = 100
_MAPPED = 20_000
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def run(runs: int = 1_000_000, rounds: int = 3) -> list[Figure]:
    """Measures both merges in turn and gives the median of their ratios, then the mapping."""
    table = _table(runs)
    measured = sorted((_round(table) for _ in range(rounds)), key=lambda r: r.ratio)
    middle = measured[rounds // 2]
    detail = (
        f"{runs:,} runs: merge {middle.merge_seconds:.2f} s, "
        f"`create table as` {middle.plain_seconds:.2f} s; "
        f"from {measured[0].ratio:.2f} to {measured[-1].ratio:.2f} in {rounds} rounds"
    )
    ratio = median(r.ratio for r in measured)
    merge = Figure("Runs: merge / create table as", ratio, LIMIT, "×", detail)
    return [merge, _mapping(middle.plain_seconds, runs)]


@dataclass(frozen=True, slots=True)
class _Round:
    plain_seconds: float
    merge_seconds: float

    @property
    def ratio(self) -> float:
        return self.merge_seconds / self.plain_seconds


def _round(table: pa.Table) -> _Round:
    with tempfile.TemporaryDirectory() as folder:
        plain = _plain_seconds(Path(folder) / "plain.duckdb", table)
        start = perf_counter()
        with closing(Working(Path(folder) / "working.duckdb")) as working:
            for number, offset in enumerate(range(0, len(table), _ROWS_A_BATCH)):
                batch = table.slice(offset, _ROWS_A_BATCH)
                working.merge(_page(number), {"pipeline_run": batch})
        return _Round(plain, perf_counter() - start)


def _plain_seconds(path: Path, table: pa.Table) -> float:
    start = perf_counter()
    with duckdb.connect(str(path)) as connection:
        connection.register("rows_", table)
        connection.execute("create table pipeline_run as from rows_")
    return perf_counter() - start


def _mapping(plain_seconds: float, runs: int) -> Figure:
    """How long the pages of a part of the runs take to become tables."""
    with tempfile.TemporaryDirectory() as folder:
        connector = _connector(Path(folder))
        pages = list(_pages(_MAPPED))
        start = process_time()
        for payload in pages:
            mapped(connector, "runs", payload)
        seconds = process_time() - start
    whole = seconds / _MAPPED * runs
    detail = (
        f"a page of {_RUNS_A_PAGE} runs with a task each: {whole:.0f} s for {runs:,} runs, "
        f"{whole / plain_seconds:.0f} times `create table as`"
    )
    value = 1000 * seconds / len(pages)
    return Figure("Runs: mapping of a page", value, MAPPING_LIMIT_MILLISECONDS, "ms", detail)


def _pages(runs: int) -> Iterator[bytes]:
    for first in range(0, runs, _RUNS_A_PAGE):
        told = [_run(number) for number in range(first, first + _RUNS_A_PAGE)]
        tasks = [shapes.task(run, "load", n) | _ended("success") for n, run in enumerate(told)]
        lists = ({"dag_runs": told}, {"task_instances": tasks})
        answers = (json.dumps(each, default=datetime.isoformat).encode() for each in lists)
        yield write_page({"has_tasks": True}, *answers)


def _run(number: int) -> shapes.Item:
    at = _NOW - timedelta(minutes=number)
    dag = f"dag-{number % 500:03}"
    run = shapes.run(dag, f"scheduled__{at.isoformat()}", at)
    return run | _ended("failed" if number % 20 == 0 else "success")


def _ended(state: str) -> shapes.Item:
    end = _NOW + timedelta(minutes=7)
    return {"state": state, "start_date": _NOW, "end_date": end, "try_number": 1}


def _connector(folder: Path) -> Airflow:
    settings = Settings.model_validate({"url": "https://airflow.example", "token": "env:NOWHERE"})
    context = Context(folder, folder, "^hotfix", lambda: _NOW, lambda *_: None)
    return Airflow("bench", settings, context)


def _table(runs: int) -> pa.Table:
    """The rows of runs, computed from their numbers."""
    entity = ENTITIES["pipeline_run"]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        told = connection.sql(_ROWS.format(runs=runs))
        columns = ", ".join(
            f'cast({c.name if c.name in told.columns else "null"} as {c.duckdb_type}) as "{c.name}"'
            for c in entity.columns
        )
        rows = connection.sql(f"select {columns} from ({_ROWS.format(runs=runs)})")
        return rows.to_arrow_table().cast(entity.schema)


_ROWS = """
    select
        'airflow:bench#run/' || dag || '/' || run as id,
        'bench' as source,
        'https://airflow.example/dags/' || dag || '/runs/' || run as url,
        dag as pipeline,
        run,
        1 as attempt,
        'scheduled' as event,
        case when i % 20 = 0 then 'failure' else 'success' end as result,
        slot_at as created_at,
        slot_at + interval '1 minute' as started_at,
        slot_at + interval '8 minutes' as finished_at,
        'data' as kind,
        slot_at,
        false as is_backfill,
        case when i % 50 = 0 then 1 else 0 end as retried_tasks,
        'v1' as definition
    from (
        select
            i,
            printf('dag-%03d', i % 500) as dag,
            timestamptz '2026-11-01' - to_minutes(i) as slot_at,
            'scheduled__' || strftime(timestamptz '2026-11-01' - to_minutes(i), '%xT%X') as run
        from range({runs}) t (i)
    )
"""


def _page(number: int) -> Page:
    return Page(
        source="bench",
        stream="runs",
        evidence=f"{number:064}",
        observed_at=_NOW,
        settings="",
    )
