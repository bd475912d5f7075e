"""The value of a figure as it is told: what can only be larger says so, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.wording import reading, significant
from data.metrics.definition import Definition, Unit
from data.metrics.figure import Figure, NoValue

AT_LEAST = "≥\u00a0"
IN_PART = "in part not read"
_NEARLY_ALL = 0.99
_ANY = (Unit.RATIO, Unit.AMOUNT, Unit.AMOUNT_PER_DAY)
"""Units of what may be below nothing: credits can be more than charges."""
_MOST = {Unit.FRACTION: 1.0, Unit.DAYS_PER_WEEK: 7.0}


def told(figure: Figure, unit: Unit) -> str:
    """The value with its unit; empty if there is none."""
    return _told(figure.value, unit, is_lower_bound=figure.is_lower_bound)


def told_before(figure: Figure, unit: Unit) -> str:
    """The value of the period before with its unit; empty if there is none."""
    return _told(figure.previous, unit, is_lower_bound=figure.is_previous_lower_bound)


def limits(figure: Figure) -> list[str]:
    """What the figure does not hold though it may have happened, a few words each."""
    if figure.reason is NoValue.NOT_YET:
        return []
    return [word for word in (IN_PART * figure.is_partly_unread, unknown_end(figure)) if word]


def unknown_end(figure: Figure) -> str:
    """Why the end of the period is missing; empty if it is not."""
    if not figure.is_partial:
        return ""
    return "not known to its end" if figure.is_over else "not over yet"


def alike(metric: Definition, *values: float) -> Callable[[float], str]:
    """Tells each of the values that stand in one line in the unit of the largest of them."""
    return partial(say, metric, beside=max(possible(metric, value) for value in values))


def say(metric: Definition, value: float, beside: float | None = None) -> str:
    """A value of a metric in words; a bound beyond what it can be is told as what it can be.

    A share that is nearly all has two decimals: else it would read as its own bounds do. A rate
    is told in the unit of the value `beside` it, where one is.
    """
    there = possible(metric, value)
    if metric.unit is Unit.FRACTION and _NEARLY_ALL <= round(there, 4) < 1:
        return f"{there * 100:.2f} %"
    return str(reading(there, metric.unit, beside))


def off(metric: Definition, difference: float) -> str:
    """How far two values of a metric are apart: two shares by points, not by percents."""
    if metric.unit is Unit.FRACTION:
        return f"{significant(difference * 100)} points"
    return str(reading(difference, metric.unit))


def possible(metric: Definition, value: float) -> float:
    """The nearest value that the metric can have."""
    if metric.of is not None or metric.unit in _ANY:
        return value
    return max(0.0, min(value, _MOST.get(metric.unit, value)))


def _told(value: float | None, unit: Unit, *, is_lower_bound: bool) -> str:
    return "" if value is None else AT_LEAST * is_lower_bound + str(reading(value, unit))
