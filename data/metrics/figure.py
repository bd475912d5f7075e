"""One value and all that is needed to judge it: reason, coverage, band, the period before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.benchmarks.bands import Band
from data.metrics.reason import NoValue
from data.metrics.scope import NO_TEAM, By
from data.period import Window

__all__ = ["Figure", "NoBand", "NoValue"]


class NoBand(StrEnum):
    """Why a value is given no band."""

    TOO_FEW = "too_few"
    LOW_COVERAGE = "low_coverage"
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one period and group, with all that is needed to judge it."""

    period: str
    window: Window
    is_partial: bool
    """Whether its end is missing: it is not over yet, or the group was not read to its end."""
    team: str | None
    item: str | None
    """The service, model, pipeline or dataset, in a breakdown by them."""
    environment: str | None
    value: float | None
    spread: float | None
    parts: Mapping[str, float | None]
    n: int
    """Rows the value is made of."""
    population: int
    """Rows it should be made of."""
    days: int
    """Days of it that are known: those a rate is divided by."""
    coverage: float | None
    """Share of the population that nothing hides; None if there is no population."""
    unknown: int
    """Rows of the population whose value is hidden."""
    is_lower_bound: bool
    """Whether what is hidden could only have made the value of what was read larger."""
    reason: NoValue | None
    band: Band | None
    band_reason: NoBand | None
    previous: float | None
    """Value of the period of the same kind just before."""
    previous_n: int
    is_previous_lower_bound: bool = False
    is_over: bool = True
    """Whether the period had ended, or nearly, when the snapshot was made."""
    is_partly_unread: bool = False
    """Whether something of the group was not read as far as the others, by more than a day.

    The value is then that of what was read. Its band too: one source that nobody reads any more
    must not take the bands of a whole organisation, so words stand beside it instead.
    """

    def part(self, by: By) -> str:
        """What it is the figure of, in a breakdown; `NO_TEAM` where no team is told."""
        parts = {By.TEAM: self.team or NO_TEAM, By.ENVIRONMENT: self.environment}
        return str(parts.get(by, self.item))

    @property
    def has_unknown_part(self) -> bool:
        """Whether something is hidden here or in the period before, which may be all the change.

        What was not read to the end of the period before was not read in this one.
        """
        return self.is_lower_bound or self.is_partly_unread or self.is_previous_lower_bound

    @property
    def change(self) -> float | None:
        """Relative change against the period before; None unless both are known and whole."""
        if self.value is None or not self.previous or self.is_partial or self.has_unknown_part:
            return None
        return self.value / self.previous - 1
