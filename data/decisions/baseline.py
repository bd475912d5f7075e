"""Baselines: the period that a metric is compared with, decided by somebody for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

KIND = "baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A decision that is in force: with which days a metric of a team is compared."""

    id: str
    """Of the decision."""
    metric: str
    team: str | None
    """The team it holds for; None: every team that has none of its own."""
    start: date
    end: date
    """The day after the last."""
    reason: str
    actor: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Baselines:
    """All that are in force at a time, at most one for each metric and team."""

    all: tuple[Baseline, ...] = ()

    def find(self, metric: str, team: str | None) -> Baseline | None:
        """That of the team, else that of the organisation."""
        found = {one.team: one for one in self.all if one.metric == metric}
        return found.get(team, found.get(None))


NO_BASELINES = Baselines()


def in_force(told: Iterable[tuple[Baseline, bool]]) -> Baselines:
    """What is left of decisions in their order, each with whether it withdraws the one before."""
    kept: dict[tuple[str, str | None], Baseline] = {}
    for one, is_withdrawn in told:
        key = (one.metric, one.team)
        kept.pop(key, None)
        if not is_withdrawn:
            kept[key] = one
    return Baselines(tuple(kept.values()))
