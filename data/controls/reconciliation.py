"""Whether what a control came to adds up to its population, counted by a statement of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.controls.engine import Asked, told_of
from data.controls.outcome import Outcome
from data.controls.state import State
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The rows of a population, counted twice."""

    told: int
    """Rows that the population's own SQL tells of in the period."""
    left_out: Mapping[str, int]
    """Those of them that are left out on purpose, by reason."""
    members: int
    """Members that the evaluation judged."""
    places: int
    """Places where members may be that nobody can see: they stand among the unknown."""
    by_state: Mapping[State, int]
    """All of both, by state."""

    @property
    def adds_up(self) -> bool:
        """Whether every row told is judged once or left out for a reason."""
        is_whole = self.told == self.members + sum(self.left_out.values())
        return is_whole and sum(self.by_state.values()) == self.members + self.places


def reconciled(snapshot: Snapshot, outcome: Outcome, asked: Asked) -> Reconciliation:
    """Counts a population by itself and holds the evaluation against it.

    Args:
        snapshot: the published data.
        outcome: what the control came to there.
        asked: for what it was evaluated.

    Raises:
        StatementRefused: if the SQL of the population is wrong.
    """
    places = sum(result.is_place for result in outcome.results)
    return Reconciliation(
        told=told_of(snapshot, outcome.control, asked),
        left_out=outcome.excluded,
        members=len(outcome.results) - places,
        places=places,
        by_state=outcome.counts.by_state,
    )
