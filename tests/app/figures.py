"""Figures made by hand, for tests of what is said about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.metrics.figure import Figure
from data.period import Window

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))


def figure(value: float | None, **fields: Any) -> Figure:
    """A figure of May 2026 from 100 rows, all of them known."""
    window = fields.pop("window", MAY)
    defaults: dict[str, Any] = {
        "period": window.label,
        "window": window,
        "is_partial": False,
        "team": None,
        "item": None,
        "environment": None,
        "value": value,
        "spread": None,
        "parts": {},
        "n": 100,
        "population": 100,
        "coverage": 1.0,
        "days": 31,
        "unknown": 0,
        "is_lower_bound": False,
        "reason": None,
        "band": None,
        "band_reason": None,
        "previous": None,
        "previous_n": 100,
    }
    return Figure(**{**defaults, **fields})
