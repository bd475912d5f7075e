"""Every question that a page of costs puts, over the roll-up of many lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import product
from pathlib import Path
from time import perf_counter

from data.costs.views import asked
from data.costs.views.asked import Asked, Cost, answered
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace

_TRIES = 2
_BY = {
    "told_parts": ("bucket", "team", "service", "category", "provider", "activity"),
    "told_months": ("bucket", "team", "service", "category", "provider", "activity"),
    "nobody_by": ("account", "sub_account", "service", "rule"),
}
"""What a question can be broken down by."""


def slowest(workspace: Workspace, month: date) -> tuple[float, str, int]:
    """Puts each question of each page, for one month and for all, and tells the slowest.

    Returns:
        Seconds, the question, and how many were put.
    """
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        took = {
            f"{name}, {by or 'whole'}, {asking.month or 'all months'}, {asking.cost}": min(
                _seconds(snapshot, name, by, asking) for _ in range(_TRIES)
            )
            for name, by, asking in _questions(month)
        }
    question = max(took, key=lambda name: took[name])
    return took[question], question, len(took)


def _questions(month: date) -> Iterator[tuple[str, str | None, Asked]]:
    names = sorted(path.stem for path in Path(asked.__file__).parent.glob("*.sql"))
    for name, when, cost in product(names, (None, month), Cost):
        for by in _BY.get(name, (None,)):
            yield name, by, Asked(when, "EUR", None, cost)


def _seconds(snapshot: Snapshot, name: str, by: str | None, asking: Asked) -> float:
    newest = asking.month or date(2026, 1, 1)
    began = perf_counter()
    answered(
        snapshot, name, asking, by=by, team=["t1"] if name.startswith("team") else None,
        reporting=False, check="billed_adds_up", driver="runs", of_month=newest, newest=newest,
        first_days=None, tag="team", value="t1",
    )  # fmt: skip
    return perf_counter() - began
