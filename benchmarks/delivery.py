"""What the Delivery page asks of a large history, against plain scans of the same columns.

Measured warm: the snapshot is open and was read before; nothing is cached between the runs.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.history import Size, configuration, fill
from data.facts.build import build
from data.metrics.board import board, breakdown
from data.metrics.definition import definition
from data.metrics.engine import DEFAULT_EDITION, left_out
from data.metrics.evidence import add_up, page_of_rows
from data.metrics.scope import By, Scope
from data.period import Grain, Window
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace

DORA = (
    "deployment_frequency",
    "lead_time",
    "change_fail_rate",
    "recovery_time",
    "rework_rate",
)
YEAR = Window(date(2025, 11, 1), date(2026, 11, 1))
RUNS = 5

_SCANS = (
    """
    select
        max(local_at), max(team), max(service), max(environment), max(tier), max(excluded),
        max(is_failed), max(is_rework), max(is_watched), sum(recovery_seconds)
    from deployment_outcome
    """,
    """
    select
        max(local_at), max(team), max(service), max(environment), max(tier), max(state),
        sum(lead_seconds), sum(coding_seconds), sum(pickup_seconds), sum(review_seconds),
        sum(deploy_seconds)
    from change_delivery
    """,
)


def run() -> list[Figure]:
    """One team and all teams against a scan, and again after history has grown tenfold."""
    small, large = Size(1_000_000), Size(10_000_000, years=20)
    with _published(small) as snapshot:
        scan = _seconds(lambda: [snapshot.query(sql) for sql in _SCANS])
        one = _seconds(partial(ask, snapshot, Scope(team="team-07")))
        everyone = _seconds(partial(ask, snapshot, Scope()))
    with _published(large) as grown:
        one_later = _seconds(partial(ask, grown, Scope(team="team-07")))
        everyone_later = _seconds(partial(ask, grown, Scope()))
    detail = f"scan {scan * 1000:.0f} ms"
    return [
        Figure("Delivery, one team / scan", one / scan, 5, "×", f"{one * 1000:.0f} ms, {detail}"),
        Figure(
            "Delivery, all teams / scan", everyone / scan, 8, "×",
            f"{everyone * 1000:.0f} ms, {detail}",
        ),
        Figure(
            "one team, history × 10", one_later / one, 1.5, "×", f"{one_later * 1000:.0f} ms"
        ),
        Figure(
            "all teams, history × 10", everyone_later / everyone, 1.5, "×",
            f"{everyone_later * 1000:.0f} ms",
        ),
    ]  # fmt: skip


def ask(snapshot: Snapshot, scope: Scope) -> None:
    """Everything the page asks: tiles, trends, heat map, rows and their sum, what is left out.

    The figure whose rows are shown is that of its tile until somebody chooses a part of it.
    """
    board(snapshot, (*DORA, "deployment_days"), scope, YEAR, Grain.MONTH, DEFAULT_EDITION)
    by = By.SERVICE if scope.team else By.TEAM
    breakdown(snapshot, DORA, scope, YEAR, by, DEFAULT_EDITION)
    metric = definition("deployment_frequency")
    page_of_rows(snapshot, metric, scope, YEAR, 0, 50)
    add_up(snapshot, metric, scope, YEAR)
    left_out(snapshot, metric, scope, YEAR)


@contextmanager
def _published(size: Size) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        with closing(Working(workspace.working)) as working:
            fill(working.connection, size)
            publish(workspace, working.connection, partial(build, configuration=configuration()), 2)
        with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
            yield snapshot


def _seconds(action: Callable[[], object]) -> float:
    action()
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
