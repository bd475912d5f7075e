"""Publishing a million deployments and three million changes against writing the bare rows.

Both begin with Arrow tables in memory and end with closed files on the disk: plain
`create table as` in one, merge, facts, invariants and the published snapshot in the other.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb
import pyarrow as pa

from benchmarks.figure import Figure
from benchmarks.history import Size, configuration, tables
from data.facts.build import build
from data.store.manifest import snapshot_path
from data.store.page import Page
from data.store.publish import publish
from data.store.working import Working
from data.store.workspace import Workspace

LIMIT = 4.0
_ROWS_A_BATCH = 250_000


def run(deployments: int = 1_000_000, rounds: int = 3) -> list[Figure]:
    """Measures both in turn and gives the median of their ratios."""
    history = tables(Size(deployments))
    measured = sorted((_round(history) for _ in range(rounds)), key=lambda r: r.ratio)
    middle = measured[rounds // 2]
    detail = (
        f"{len(history['deployment']):,} deployments, {len(history['change']):,} changes: "
        f"merge {middle.merge_seconds:.1f} s, facts and invariants {middle.facts_seconds:.1f} s, "
        f"snapshot {middle.megabytes:.0f} MB; `create table as` {middle.plain_seconds:.1f} s; "
        f"from {measured[0].ratio:.2f} to {measured[-1].ratio:.2f} in {rounds} rounds"
    )
    ratio = median(r.ratio for r in measured)
    return [Figure("Publish / create table as", ratio, LIMIT, "×", detail)]


@dataclass(frozen=True, slots=True)
class _Round:
    plain_seconds: float
    merge_seconds: float
    facts_seconds: float
    megabytes: float

    @property
    def ratio(self) -> float:
        return (self.merge_seconds + self.facts_seconds) / self.plain_seconds


def _round(history: Mapping[str, pa.Table]) -> _Round:
    with tempfile.TemporaryDirectory() as folder:
        plain = _plain_seconds(Path(folder) / "plain.duckdb", history)
        return _published(Workspace(Path(folder) / "cairn"), history, plain)


def _plain_seconds(path: Path, history: Mapping[str, pa.Table]) -> float:
    start = perf_counter()
    with duckdb.connect(str(path)) as connection:
        for entity, rows in history.items():
            connection.register("rows_", rows)
            connection.execute(f'create table "{entity}" as from rows_')
            connection.unregister("rows_")
    return perf_counter() - start


def _published(workspace: Workspace, history: Mapping[str, pa.Table], plain: float) -> _Round:
    fill = partial(build, configuration=configuration())
    start = perf_counter()
    with closing(Working(workspace.working)) as working:
        for number, (entity, batch) in enumerate(_batches(history)):
            working.merge(_page(number), {entity: batch})
        merged = perf_counter()
        snapshot = publish(workspace, working.connection, fill, keep=2)
    end = perf_counter()
    size = snapshot_path(workspace, snapshot).stat().st_size
    return _Round(plain, merged - start, end - merged, size / 1e6)


def _page(number: int) -> Page:
    return Page(
        source="bench",
        stream="history",
        evidence=f"{number:064}",
        observed_at=datetime(2026, 11, 1, tzinfo=UTC),
        settings="",
    )


def _batches(history: Mapping[str, pa.Table]) -> Iterator[tuple[str, pa.Table]]:
    for entity, rows in history.items():
        for offset in range(0, len(rows), _ROWS_A_BATCH):
            yield entity, rows.slice(offset, _ROWS_A_BATCH)
