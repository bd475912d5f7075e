"""What goes wrong: after a deployment, and all by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from connectors.demo import titles
from connectors.demo.crew import Crew
from connectors.demo.dice import Dice
from connectors.demo.history import Attempt, Outage
from connectors.demo.organisation import KnownIncident, Organisation, Team

_HOUR = 3600
_INCIDENT_SHARE = 0.85
_NAMED_CAUSE_SHARE = 0.6
_ELSEWHERE_A_MONTH = 0.35
_SHORTEST_HOURS = 0.35


class Remedy(StrEnum):
    """How the trouble with a deployment ends."""

    ROLLBACK = "rollback"
    HOTFIX = "hotfix"
    NONE = "none"
    """By a setting or a restart, without a deployment."""


_REMEDIES = (
    *[Remedy.ROLLBACK] * 9,
    *[Remedy.HOTFIX] * 6,
    *[Remedy.NONE] * 3,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a deployment broke: from when to when, the remedy, the incident if anyone opened one."""

    started_at: int
    resolved_at: int
    remedy: Remedy
    outage: Outage | None

    def after(self, share: float) -> int:
        """The instant at this share of its duration."""
        return self.started_at + int((self.resolved_at - self.started_at) * share)


def after(crew: Crew, dice: Dice, attempt: Attempt, day: date) -> Trouble:
    """What a bad deployment leads to."""
    noticed_seconds = 120 + dice.around(0.5) * _HOUR
    started_at = attempt.ended_at + int(noticed_seconds)
    hours = max(dice.around(crew.at(crew.team.recovery_hours, day)), _SHORTEST_HOURS)
    resolved_at = started_at + int(hours * _HOUR)
    remedy = dice.pick(_REMEDIES)
    has_incident = remedy is Remedy.NONE or dice.chance(_INCIDENT_SHARE)
    is_named = dice.chance(_NAMED_CAUSE_SHARE)
    outage = Outage(
        service=attempt.service,
        environment=attempt.environment if is_named else None,
        title=titles.incident(dice, crew.team.topics),
        severity=titles.severity(dice),
        started_at=started_at,
        resolved_at=resolved_at,
        cause=attempt if is_named else None,
    )
    return Trouble(started_at, resolved_at, remedy, outage if has_incident else None)


def elsewhere(seed: int, organisation: Organisation, until: date) -> Iterator[Outage]:
    """Incidents that hit the company, or only staging, and have no deployment as their cause."""
    day = organisation.founded
    while day < until:
        for team in organisation.teams:
            if any(team.changes_per_day):
                yield from _month(Dice(seed, "elsewhere", team.name, day), team, day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _month(dice: Dice, team: Team, month: date) -> Iterator[Outage]:
    opens_at = int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())
    for _ in range(dice.count(_ELSEWHERE_A_MONTH)):
        started_at = opens_at + int(dice.between(0, 27 * 24) * _HOUR)
        is_staging = dice.chance(0.4)
        services = [name for work in team.repositories for name in work.services]
        yield Outage(
            service=dice.pick(services) if is_staging else None,
            environment="staging" if is_staging else None,
            title=titles.incident(dice, team.topics) if is_staging else titles.elsewhere(dice),
            severity=titles.severity(dice),
            started_at=started_at,
            resolved_at=started_at + int(dice.around(3) * _HOUR),
        )


def known(incident: KnownIncident) -> Outage:
    """An incident that is written down in the organisation."""
    resolved_at = incident.resolved_at
    return Outage(
        service=incident.service,
        environment=None,
        title=incident.title,
        severity=incident.severity,
        started_at=int(incident.started_at.timestamp()),
        resolved_at=int(resolved_at.timestamp()) if resolved_at else None,
        reopened_count=incident.reopened_count,
    )
