"""The changes a crew makes, drawn day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from connectors.demo import titles
from connectors.demo.crew import Crew
from connectors.demo.dice import Dice
from connectors.demo.history import Landed, Plan
from connectors.demo.organisation import Merges
from data.model import ChangeKind

_MINUTE = 60
_HOUR = 60 * _MINUTE
_WEEKDAYS = (0.95, 1.1, 1.1, 1.05, 0.8)
_FREEZE = 0.45
_AUGUST = 0.8
_MERGE_SHARES = {Merges.MERGE: 1.0, Merges.SQUASH: 0.0, Merges.MIXED: 0.5}
_UNREVIEWED_SHARE = 0.04
_UNDONE_SHARE = 0.006


def changes_of(crew: Crew, dice: Dice, day: date, opens_at: int) -> Iterator[tuple[int, Plan]]:
    """The planned changes of a working day, with the instants at which they land."""
    team = crew.team
    share = crew.work.weight / sum(work.weight for work in team.repositories)
    mean = crew.at(team.changes_per_day, day) * share * _pace(crew, day)
    release_share = crew.at(team.release_share, day) * crew.release_factor(day)
    for _ in range(dice.count(mean)):
        landed_at = opens_at + int(dice.between(0, crew.working.day_seconds))
        is_released = dice.chance(release_share)
        if dice.chance(crew.work.direct_share):
            yield landed_at, _direct(crew, dice, landed_at, is_released)
        else:
            yield landed_at, _reviewed(crew, dice, day, landed_at, is_released)


def hotfix_of(crew: Crew, dice: Dice, service: str, started_at: int, landed_at: int) -> Plan:
    """A repair made between two instants, at night if need be."""
    title, branch = titles.hotfix(dice, crew.team.topics)
    seconds = landed_at - started_at
    return Plan(
        kind=_kind(crew, dice),
        title=title,
        branch=branch,
        services=(service,),
        first_commit_at=landed_at - seconds * 6 // 10,
        opened_at=landed_at - seconds * 4 // 10,
        reviewed_at=landed_at - seconds * 2 // 10,
    )


def revert_of(change: Landed, landed_at: int) -> Plan:
    """The change that undoes another one."""
    title, branch = titles.revert(change.plan.title)
    return Plan(
        kind=ChangeKind.SQUASH,
        title=title,
        branch=branch,
        services=change.plan.services,
        first_commit_at=landed_at - 25 * _MINUTE,
        opened_at=landed_at - 22 * _MINUTE,
        reviewed_at=landed_at - 6 * _MINUTE,
        reverts=change,
    )


def _pace(crew: Crew, day: date) -> float:
    pace = _WEEKDAYS[day.weekday()]
    if crew.organisation.is_frozen(day):
        return pace * _FREEZE
    return pace * _AUGUST if day.month == 8 else pace


def _reviewed(crew: Crew, dice: Dice, day: date, landed_at: int, is_released: bool) -> Plan:
    team, working = crew.team, crew.working
    title, branch = titles.change(dice, team.topics)
    kind = _kind(crew, dice)
    reviewed_at = working.move(landed_at, -dice.around(crew.at(team.merge_hours, day)) * _HOUR)
    opened_at = working.move(reviewed_at, -dice.around(crew.at(team.review_hours, day)) * _HOUR)
    coding_hours = dice.around(crew.at(team.coding_hours, day))
    return Plan(
        kind=kind,
        title=title,
        branch=branch,
        services=_touched(crew, dice),
        first_commit_at=working.move(opened_at, -coding_hours * _HOUR),
        opened_at=opened_at,
        reviewed_at=None if dice.chance(_UNREVIEWED_SHARE) else reviewed_at,
        commit_count=1 + dice.count(0.4) if kind is ChangeKind.MERGE else 1,
        is_released_at_once=is_released,
        undone_after_seconds=_undone_after(dice),
    )


def _direct(crew: Crew, dice: Dice, landed_at: int, is_released: bool) -> Plan:
    title, _ = titles.change(dice, crew.team.topics)
    return Plan(
        kind=ChangeKind.DIRECT,
        title=title,
        branch=None,
        services=_touched(crew, dice),
        first_commit_at=landed_at - int(dice.around(20) * _MINUTE),
        opened_at=None,
        reviewed_at=None,
        is_released_at_once=is_released,
    )


def _kind(crew: Crew, dice: Dice) -> ChangeKind:
    is_merge = dice.chance(_MERGE_SHARES[crew.work.merges])
    return ChangeKind.MERGE if is_merge else ChangeKind.SQUASH


def _undone_after(dice: Dice) -> int | None:
    return int(dice.between(1, 5) * _HOUR) if dice.chance(_UNDONE_SHARE) else None


def _touched(crew: Crew, dice: Dice) -> tuple[str, ...]:
    services = crew.work.services
    if len(services) < 2:
        return services
    first = dice.pick(services)
    second = dice.pick(services) if dice.chance(0.25) else first
    return tuple(sorted({first, second}))
