"""A figure against the period before: better, worse, or not to be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.value import told_before, unknown_end
from app.wording import days, rounded_percent
from data.metrics.definition import Definition
from data.metrics.figure import Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a tile says of the period before.

    Attributes:
        words: `12 % better`, or why there is no comparison.
        is_up: whether the value rose; None where nothing is judged.
        is_better: whether that is good; None where nothing is judged.
        before: the value before with its days; empty if there is none.
    """

    words: str
    is_up: bool | None
    is_better: bool | None
    before: str


def compare(metric: Definition, figure: Figure) -> Comparison:
    """Judges the change by the metric's direction; what is below its threshold is noise."""
    if figure.previous is None:
        return Comparison("nothing to compare with", None, None, "")
    before = f"{told_before(figure, metric.unit)} in {days(figure.window.before)}"
    obstacle = _obstacle(metric, figure)
    if obstacle or figure.value is None:
        return Comparison(obstacle, None, None, before)
    change = _change(figure.previous, figure.value)
    if abs(change) < metric.material_change:
        return Comparison("no material change", None, None, before)
    is_up = change > 0
    is_better = is_up == (metric.better == "higher")
    return Comparison(f"{_size(change)} {_verdict(is_better)}", is_up, is_better, before)


def _obstacle(metric: Definition, figure: Figure) -> str:
    """Why the two cannot be compared; empty if they can."""
    if figure.is_partial:
        return unknown_end(figure)
    if figure.value is None:
        return "not comparable"
    if figure.has_unknown_part:
        return "in part not known"
    if min(figure.n, figure.previous_n) < metric.min_n:
        return "too few to compare"
    return ""


def _change(earlier: float, now: float) -> float:
    """The relative change; from nothing, anything is beyond measure."""
    if earlier == 0:
        return 0.0 if now == 0 else math.inf
    return now / earlier - 1


def _size(change: float) -> str:
    """A relative change: percents up to a doubling, then times."""
    if math.isinf(change):
        return "from none:"
    return rounded_percent(abs(change)) if change < 1 else f"{1 + change:.1f} ×"


def _verdict(is_better: bool) -> str:
    return "better" if is_better else "worse"
