"""What moved, as a table that adds up."""

from __future__ import annotations

from math import fsum

import pandas as pd

from app.components.trend import scale
from data.metrics.definition import Unit
from data.series.contribution import Contribution
from data.series.moved import Method, Moved

MOST_PARTS = 12


def table(moved: Moved) -> pd.DataFrame:
    """One row a part, largest first; then all others, and their sum, which is the change.

    Everything counts in the unit that the column names, so that the rows can be added up.
    """
    factor, unit = _scale(moved)
    shown, others = moved.parts[:MOST_PARTS], moved.parts[MOST_PARTS:]
    rows = [_row(moved, part, factor, unit) for part in shown]
    if others:
        rows.append(_sum(moved, f"{len(others)} others", others, factor, unit))
    rows.append(_sum(moved, "all together", moved.parts, factor, unit))
    return pd.DataFrame(rows)


def column(moved: Moved) -> str:
    """The name of the column whose rows add up to the change."""
    return f"adds ({_scale(moved)[1]})"


def _scale(moved: Moved) -> tuple[float, str]:
    if moved.method is Method.RANKS or moved.metric.unit is Unit.FRACTION:
        return 100.0, "points"
    return scale(moved.metric.unit, [moved.before, moved.after])


def _row(moved: Moved, part: Contribution, factor: float, unit: str) -> dict[str, object]:
    if moved.method is Method.COUNTS:
        _, many = moved.metric.counts
        own: dict[str, object] = {
            f"{many} before": part.before.amount,
            f"{many} after": part.after.amount,
        }
        return {moved.by.value: part.part, **own, **_adds([part], factor, unit)}
    percent = "%" if unit == "points" else unit
    own = {
        f"before ({percent})": _times(part.before.value, factor),
        f"after ({percent})": _times(part.after.value, factor),
        f"own change adds ({unit})": part.rate * factor,
        f"weight adds ({unit})": part.mix * factor,
    }
    return {moved.by.value: part.part, **own, **_adds([part], factor, unit)}


def _sum(
    moved: Moved, name: str, parts: tuple[Contribution, ...], factor: float, unit: str
) -> dict[str, object]:
    if moved.method is Method.COUNTS:
        return {moved.by.value: name, **_adds(parts, factor, unit)}
    effects = {
        f"own change adds ({unit})": fsum(part.rate for part in parts) * factor,
        f"weight adds ({unit})": fsum(part.mix for part in parts) * factor,
    }
    return {moved.by.value: name, **effects, **_adds(parts, factor, unit)}


def _adds(
    parts: tuple[Contribution, ...] | list[Contribution], factor: float, unit: str
) -> dict[str, object]:
    return {f"adds ({unit})": fsum(part.total for part in parts) * factor}


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
