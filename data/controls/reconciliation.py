"""Whether what a control came to adds up to its population, counted by a statement of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.controls.compose import counting
from data.controls.engine import Asked, in_force, stated
from data.controls.outcome import Outcome
from data.controls.state import State
from data.store.snapshot import Snapshot
from data.store.statement import StatementRefused


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The rows of a population, counted twice."""

    found: int
    """Rows that the population's own SQL tells in the period."""
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
        """Whether every row found is judged once or left out for a reason."""
        is_whole = self.found == self.members + sum(self.left_out.values())
        return is_whole and sum(self.by_state.values()) == self.members + self.places


def reconciled(snapshot: Snapshot, outcome: Outcome, asked: Asked) -> Reconciliation | None:
    """Counts a population by itself and holds the evaluation against it.

    Args:
        snapshot: the published data.
        outcome: what the control came to there.
        asked: for what it was evaluated.

    Returns:
        None where the population cannot be counted, since its SQL is wrong.
    """
    control = outcome.control
    sql = counting(control, has_team=asked.team is not None)
    statement = stated(snapshot, control, asked, in_force(control, asked), sql)
    beside = {**asked.given.tables(), **(asked.beside or {})}
    try:
        rows = snapshot.attempt(sql, statement.parameters, beside).to_pylist()
    except StatementRefused:
        return None
    counted = {row["left_out"]: row["found"] for row in rows}
    places = sum(result.is_place for result in outcome.results)
    return Reconciliation(
        found=sum(counted.values()),
        left_out={name: count for name, count in counted.items() if name is not None},
        members=len(outcome.results) - places,
        places=places,
        by_state=outcome.counts.by_state,
    )
