"""What a reader asks of a page of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data.metrics.scope import By, Scope
from data.metrics.subject import Subject
from data.period import Grain, Window, floor, label, periods


@dataclass(frozen=True, slots=True)
class Question:
    """Filters, and the figure whose rows are shown."""

    scope: Scope
    window: Window
    grain: Grain
    edition: str
    metric: str
    group: str | None
    """The part of the scope whose rows are shown; None: the whole scope."""
    period: str | None
    """The period whose rows are shown; None: the whole window."""
    subject: Subject = Subject.SERVICE
    """What the metrics are about."""

    @property
    def by(self) -> By:
        """What the scope is broken down by: teams, and inside one team what it owns."""
        return By.TEAM if self.scope.team is None else By(self.subject.value)

    @property
    def item(self) -> str | None:
        """The one thing that the whole page is about, if it is about one."""
        return self.scope.named(self.subject)

    @property
    def rows_scope(self) -> Scope:
        """The scope of the rows shown."""
        if self.group is None:
            return self.scope
        if self.by is By.TEAM:
            return replace(self.scope, team=self.group, is_own=True)
        chosen: dict[str, Any] = {self.subject.value: self.group}
        return replace(self.scope, **chosen)

    @property
    def rows_window(self) -> Window:
        """The window of the rows shown."""
        grain = self.grain
        cut = {window.label_in(grain): window for window in periods(self.window, grain)}
        return cut[self.period] if self.period else self.window


PRESETS = {"30d": "Last 30 days", "90d": "Last 90 days", "180d": "Last 180 days",
           "365d": "Last 365 days"}  # fmt: skip
CUSTOM = "custom"


def window_choices(today: date) -> dict[str, str]:
    """Windows to choose from, by what `parse_window` reads: presets, quarters, months."""
    quarters = _back(today, Grain.QUARTER, 6)
    months = _back(today, Grain.MONTH, 13)
    return {
        **PRESETS,
        **{label(q, Grain.QUARTER): f"Q{(q.month - 1) // 3 + 1} {q.year}" for q in quarters},
        **{label(m, Grain.MONTH): f"{m:%B %Y}" for m in months},
        CUSTOM: "Other dates …",
    }


def _back(today: date, grain: Grain, count: int) -> list[date]:
    """The first days of the last periods, the newest first; one that has just begun is left out."""
    start = floor(today, grain)
    if start == today:
        start = floor(date.fromordinal(today.toordinal() - 1), grain)
    found: list[date] = []
    while len(found) < count:
        found.append(start)
        start = floor(date.fromordinal(start.toordinal() - 1), grain)
    return found
