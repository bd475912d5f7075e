"""Lets the organisation live from its founding up to a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

from connectors.demo import trouble, work
from connectors.demo.crew import Crew
from connectors.demo.history import History
from connectors.demo.mainline import Mainline
from connectors.demo.organisation import Organisation, Team, Work
from connectors.demo.pipeline import Pipeline
from connectors.demo.timeline import Timeline
from connectors.demo.working_time import WorkingTime

_HOUR = 3600
_WORKING_HOURS = (9, 18)
_BEFORE = timedelta(days=200)
_AFTER = timedelta(days=14)


def instant(day: date) -> int:
    """The first second of a day in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def working_hours(
    organisation: Organisation,
    country: str,
    until: date,
    hours: tuple[int, int] = _WORKING_HOURS,
) -> WorkingTime:
    """The working time of a country, or some hours of it, from well before the founding on."""
    place = organisation.countries[country]
    first, last = organisation.founded - _BEFORE, until + _AFTER
    return WorkingTime(place.timezone, place.holidays, hours, first, last)


def history(organisation: Organisation, seed: int, until: date) -> History:
    """Everything that happens before `until`, and some of what it leads to after.

    What happens on a day depends on the seed and the days before it, never on `until`.
    """
    past = History()
    working = {name: working_hours(organisation, name, until) for name in organisation.countries}
    for name, crews in organisation.repositories().items():
        _grow(
            name, [_crew(organisation, seed, *crew, until, working) for crew in crews], until, past
        )
    past.outages.extend(map(trouble.known, organisation.incidents))
    past.outages.extend(trouble.elsewhere(seed, organisation, until))
    return past


def _grow(repository: str, crews: list[Crew], until: date, past: History) -> None:
    mainline = Mainline(repository, crews[0].work.is_tagged, past)
    timeline = Timeline()
    for crew in crews:
        _schedule(crew, Pipeline(crew, mainline, timeline, past), timeline)
    timeline.run(instant(until))


def _schedule(crew: Crew, pipeline: Pipeline, timeline: Timeline) -> None:
    """Plans the changes and the planned releases of every working day."""
    for day, opens_at in crew.days():
        dice = crew.dice("day", day)
        for landed_at, plan in work.changes_of(crew, dice, day, opens_at):
            timeline.plan(landed_at, partial(pipeline.land, plan))
        mean = crew.at(crew.team.slots_per_day, day) * crew.release_factor(day)
        for _ in range(dice.count(mean)):
            slot_at = opens_at + int(dice.between(0, crew.working.day_seconds))
            timeline.plan(slot_at, partial(pipeline.release, crew.work.services))


def _crew(
    organisation: Organisation,
    seed: int,
    team: Team,
    task: Work,
    until: date,
    working: dict[str, WorkingTime],
) -> Crew:
    deploying = working_hours(organisation, team.country, until, team.deploy_hours)
    return Crew(seed, organisation, team, task, working[team.country], deploying)
