"""What a benchmark answers: a figure, and the limit it must keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure."""

    name: str
    value: float
    limit: float
    """The figure must not be above it."""
    unit: str
    detail: str
    """What was measured, in words and numbers."""

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit
