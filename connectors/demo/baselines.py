"""Baselines that the invented organisation has decided on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from data.decisions.baseline import set_baseline
from data.decisions.book import Book

_DECIDED_AT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
_HALF_YEAR = (date(2025, 1, 1), date(2025, 7, 1))
_WHY = {
    "lead_time": "before releases were automated",
    "model_search_time": "survey before there was a registry",
    "pipeline_duration": "before the move to the new platform",
}


def decide_baselines(folder: Path) -> None:
    """Records them, once. That of the infrastructure's cost is left to be decided.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    book = Book(folder)
    for metric, reason in _WHY.items():
        by = ("platform council", reason)
        set_baseline(book, metric, None, _HALF_YEAR, by, _DECIDED_AT)
