"""The value of a figure as it is told: what can only be larger says so."""

from __future__ import annotations

from app.wording import reading
from data.metrics.definition import Unit
from data.metrics.figure import Figure

AT_LEAST = "≥\u00a0"


def told(figure: Figure, unit: Unit) -> str:
    """The value with its unit; empty if there is none."""
    if figure.value is None:
        return ""
    return AT_LEAST * figure.is_lower_bound + str(reading(figure.value, unit))
