"""What part of the organisation a figure is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import available_timezones

from data.choice import require
from data.configuration.settings import OF_A_MACHINE
from data.errors import WrongQuestion
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot

NO_TEAM = "(no team)"
"""Stands for the team of what is told of the organisation, and of no team; no team is called so."""


class ScopeError(WrongQuestion):
    """Something was named that the snapshot does not know, or that a metric is not about."""


class By(StrEnum):
    """What figures may be broken down by. Each row belongs to exactly one of each."""

    TEAM = "team"
    SERVICE = "service"
    MODEL = "model"
    PIPELINE = "pipeline"
    DATASET = "dataset"
    MEASURE = "measure"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Scope:
    """A team with the teams below it, a thing, and an environment or tier; None means all."""

    team: str | None = None
    service: str | None = None
    environment: str | None = "production"
    timezone: str | None = None
    """IANA zone whose calendar is used; None: each team's own."""
    is_own: bool = False
    """Whether the team counts alone, as in a breakdown by team, without the teams below it."""
    model: str | None = None
    pipeline: str | None = None
    dataset: str | None = None
    measure: str | None = None

    def named(self, subject: Subject) -> str | None:
        """The one thing of a kind that is meant; None: all."""
        name: str | None = getattr(self, subject.value)
        return name

    def check(self, snapshot: Snapshot, subject: Subject, by: Sequence[By] = ()) -> None:
        """Checks the names against what the snapshot knows, and against what a metric is about.

        Raises:
            ScopeError: naming the nearest or all valid names.
        """
        self._check_subject(subject, by)
        if self.timezone is not None:
            require(
                ScopeError, "time zone", self.timezone, sorted(available_timezones() - OF_A_MACHINE)
            )
        for what, name, known in (
            ("team", self.team, "select team from team order by 1"),
            (subject, self.named(subject), f"select {subject} from owned_{subject} order by 1"),
            (
                "environment",
                self.environment,
                "select tier from environment_tier union select environment from environment_tier",
            ),
        ):
            if name is not None and name != NO_TEAM:
                require(
                    ScopeError,
                    what,
                    name,
                    [next(iter(row.values())) for row in snapshot.rows(known)],
                )

    def _check_subject(self, subject: Subject, by: Sequence[By]) -> None:
        asked = {kind.value for kind in Subject if self.named(kind) is not None}
        asked |= {kind.value for kind in by}
        fitting = {By.TEAM.value, subject.value}
        fitting |= {By.ENVIRONMENT.value} if subject.has_environments else set()
        for kind in sorted(asked - fitting):
            what = f"the metric is about {subject}s: it can neither be of one {kind} nor by {kind}"
            raise ScopeError(what, "", f"use one of: {', '.join(sorted(fitting))}")

    def condition(
        self, alias: str, subject: Subject = Subject.SERVICE, has_environment: bool = True
    ) -> str:
        """The SQL condition on a fact's row, using the names of `parameters`."""
        parts = []
        if self.team == NO_TEAM:
            parts.append(f"{alias}.team is null")
        elif self.team is not None and self.is_own:
            parts.append(f"{alias}.team = $team")
        elif self.team is not None:
            parts.append(
                f"list_contains((select members from team where team = $team), {alias}.team)"
            )
        if self.named(subject) is not None:
            parts.append(f"{alias}.{subject} = ${subject}")
        if self.environment is not None and has_environment and subject.has_environments:
            parts.append(f"($environment in ({alias}.tier, {alias}.environment))")
        return "\n      and ".join(parts) or "true"

    def parameters(self) -> Mapping[str, object]:
        """The values that `condition` refers to."""
        things = {subject.value: self.named(subject) for subject in Subject}
        named = {"team": self.team, **things, "environment": self.environment}
        return {name: value for name, value in named.items() if value is not None}
