"""One team at its work in one repository: place, time and temper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connectors.demo.dice import Dice
from connectors.demo.organisation import (
    STORY_DAYS,
    Course,
    Disruption,
    Organisation,
    Team,
    Work,
    at,
)
from connectors.demo.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Crew:
    """What does not change while a repository grows."""

    seed: int
    organisation: Organisation
    team: Team
    work: Work
    working: WorkingTime
    """The hours in which changes are made."""
    deploying: WorkingTime
    """The hours in which planned deployments to production start."""

    def dice(self, *key: object) -> Dice:
        """Draws of this crew for one occasion."""
        return Dice(self.seed, self.work.name, self.team.name, *key)

    def days(self) -> Iterator[tuple[date, int]]:
        """The working days on which it works in the repository, and the instants they begin."""
        first = self.work.opened or self.organisation.founded
        last = self.work.closed or date.max
        days = zip(self.working.days, self.working.opens_at, strict=True)
        return ((day, opens_at) for day, opens_at in days if first <= day <= last)

    def at(self, course: Course, day: date) -> float:
        """The value of a course of the team on a day."""
        story = (day - self.organisation.founded).days / STORY_DAYS
        return at(course, min(max(story, 0.0), 1.0))

    def release_factor(self, day: date) -> float:
        """How much of its usual releases it makes on a day."""
        if self.organisation.is_frozen(day):
            return 0.0
        disruption = self._disruption(day)
        return disruption.release_factor if disruption else 1.0

    def fail_share(self, day: date) -> float:
        """Share of its planned production deployments of a day that go wrong."""
        disruption = self._disruption(day)
        factor = disruption.fail_factor if disruption else 1.0
        return self.at(self.team.fail_share, day) * factor

    def _disruption(self, day: date) -> Disruption | None:
        disruption = self.team.disruption
        if disruption and disruption.first <= day <= disruption.last:
            return disruption
        return None
