"""Merging a million runs of an orchestrator against writing the bare rows, and what a page costs.

Both merges begin with rows in memory and end with closed files on the disk. The plain one writes
all rows by one `create table as`; ours takes them as a sync does, in pages of the hundred runs that
the server's API gives at most. What comes before, page by page, is in neither, and measured apart
on a part of the runs: the archive, the log, and turning the server's replies into rows.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
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
from connectors.answers.page import write_page
from connectors.gathered import Gathered
from connectors.interface import Context
from connectors.rebuild import mapped
from data.model import ENTITIES
from data.store.archive import Archive
from data.store.page import Page
from data.store.working import Told, Working
from tests.doubles.airflow import shapes

LIMIT = 4.0
PAGE_LIMIT_MILLISECONDS = 25.0
"""Of the processor, for a hundred runs and as many tasks: a server takes longer to tell them."""
_RUNS_A_PAGE = 100
_MAPPED = 20_000
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def run(runs: int = 1_000_000, rounds: int = 3) -> list[Figure]:
    """Measures both merges in turn and gives the median of their ratios, then what comes before."""
    table = _table(runs)
    measured = sorted((_round(table) for _ in range(rounds)), key=lambda r: r.ratio)
    middle = measured[rounds // 2]
    detail = (
        f"{runs:,} runs in pages of {_RUNS_A_PAGE}: merge {middle.merge_seconds:.2f} s, "
        f"`create table as` {middle.plain_seconds:.2f} s; "
        f"from {measured[0].ratio:.2f} to {measured[-1].ratio:.2f} in {rounds} rounds"
    )
    ratio = median(r.ratio for r in measured)
    merge = Figure("Runs: merge / create table as", ratio, LIMIT, "×", detail)
    return [merge, _before_merging(middle.plain_seconds, runs)]


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
        pages = [
            Told(_page(number).event(), number, {"pipeline_run": table.slice(first, _RUNS_A_PAGE)})
            for number, first in enumerate(range(0, len(table), _RUNS_A_PAGE))
        ]
        start = perf_counter()
        with closing(Working(Path(folder) / "working.duckdb")) as working:
            gathered = Gathered(working)
            for page in pages:
                gathered.add(page)
            gathered.merge()
        return _Round(plain, perf_counter() - start)


def _plain_seconds(path: Path, table: pa.Table) -> float:
    start = perf_counter()
    with duckdb.connect(str(path)) as connection:
        connection.register("rows_", table)
        connection.execute("create table pipeline_run as from rows_")
    return perf_counter() - start


def _before_merging(plain_seconds: float, runs: int) -> Figure:
    """What the pages of a part of the runs cost until they can be merged."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        connector = _connector(Path(folder))
        archive = Archive(Path(folder))
        log = running.enter_context(closing(archive.writer("bench")))
        pages = list(_pages(_MAPPED))
        busy, start = process_time(), perf_counter()
        for number, payload in enumerate(pages):
            archive.put(payload)
            mapped(connector, "runs", payload)
            log.append(_page(number).event())
        busy, seconds = process_time() - busy, perf_counter() - start
    whole = seconds / _MAPPED * runs
    detail = (
        f"a page of {_RUNS_A_PAGE} runs with a task each, archived, mapped and logged in "
        f"{1000 * seconds / len(pages):.0f} ms: {whole:.0f} s for {runs:,} runs, "
        f"{whole / plain_seconds:.0f} times `create table as`"
    )
    value = 1000 * busy / len(pages)
    return Figure("Runs: a page before merging", value, PAGE_LIMIT_MILLISECONDS, "ms", detail)


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
