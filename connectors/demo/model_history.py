"""What happened to a model: instants are whole seconds since 1970 in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.demo.learning import LearnedModel
from data.model import CheckState, RunResult


@dataclass(frozen=True, slots=True)
class Training:
    """A training run; `number` counts from 1 in its model."""

    number: int
    started_at: int
    ended_at: int
    result: RunResult
    value: float
    lacks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version, and how far it came; gates are instants and states in their order."""

    number: int
    training: Training
    registered_at: int
    gates: tuple[tuple[int, CheckState], ...]
    challenger_at: int | None
    approved_at: int | None
    approved_by: str | None
    promoted_at: int | None


@dataclass(slots=True)
class Serving:
    """A stretch for which a version served; it ends when the next begins."""

    candidate: Candidate
    from_at: int
    until_at: int | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that happened to a model."""

    model: LearnedModel
    trainings: list[Training] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    servings: list[Serving] = field(default_factory=list)

    @property
    def trainer(self) -> str:
        """The account that trains and registers."""
        return f"{self.model.team}-modelling"

    def serve(self, candidate: Candidate, at: int) -> None:
        """Lets a version take over."""
        if self.servings:
            self.servings[-1].until_at = at
        self.servings.append(Serving(candidate, at))
