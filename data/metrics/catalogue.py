"""What can be asked of a snapshot: its teams, services, environments, and notes on its trends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.metrics.engine import today
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Team:
    """A team by its id, and the teams that belong to it."""

    team: str
    title: str
    parent: str | None
    timezone: str
    members: tuple[str, ...]
    """The team itself and all teams below it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that explains a trend: first and last day, in somebody's words."""

    first: date
    last: date
    text: str
    team: str | None
    """The team it is about; None: all."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The names a question may use."""

    teams: tuple[Team, ...]
    """In the order of their titles; the stand-in for no team, if it owns anything, comes last."""
    things: Mapping[Subject, Mapping[str, str]]
    """Owning team by name, of each kind of thing; empty: the organisation itself."""
    environments: tuple[str, ...]
    """Tiers from production down, then environments that are called otherwise."""
    notes: tuple[Note, ...]
    today: date
    """The first local day of which nothing is known."""

    @property
    def services(self) -> Mapping[str, str]:
        """Owning team by service."""
        return self.things[Subject.SERVICE]

    def owned(self, subject: Subject, team: Team | None) -> list[str]:
        """The things of a kind that a team and the teams below it own; None: all."""
        known = self.things[subject].items()
        return [name for name, owner in known if team is None or owner in team.members]

    def team(self, name: str | None) -> Team | None:
        """The team of that id."""
        return next((team for team in self.teams if team.team == name), None)


def catalogue(snapshot: Snapshot) -> Catalogue:
    """Reads the names that a snapshot knows."""
    return Catalogue(
        teams=_teams(snapshot),
        things={subject: _things(snapshot, subject) for subject in Subject},
        environments=_environments(snapshot),
        notes=_notes(snapshot),
        today=today(snapshot),
    )


def _things(snapshot: Snapshot, subject: Subject) -> dict[str, str]:
    rows = snapshot.rows(f"select {subject} as name, team from owned_{subject} order by 1")
    return {row["name"]: row["team"] or "" for row in rows}


def _teams(snapshot: Snapshot) -> tuple[Team, ...]:
    rows = snapshot.rows(
        """
        -- One row is one team, or the stand-in for services without one, if there are any.
        select
            team,
            title,
            parent,
            timezone,
            members
        from team
        where team <> 'unowned'
           or team in (
               select team from owned_service
               union
               select team from owned_model
               union
               select team from owned_pipeline
               union
               select team from owned_dataset
               union
               select team from owned_measure
           )
        order by team = 'unowned', lower(title), team
        """
    )
    return tuple(Team(**{**row, "members": tuple(row["members"])}) for row in rows)


def _environments(snapshot: Snapshot) -> tuple[str, ...]:
    rows = snapshot.rows("select environment, tier from environment_tier order by environment")
    order = ("production", "staging", "testing", "development", "other")
    tiers = [tier for tier in order if any(row["tier"] == tier for row in rows)]
    names = [row["environment"] for row in rows if row["environment"] not in tiers]
    return (*tiers, *names)


def _notes(snapshot: Snapshot) -> tuple[Note, ...]:
    rows = snapshot.rows(
        """
        -- One row is one note of the configuration.
        select
            from_date as first,
            to_date as last,
            text,
            team
        from annotation
        order by from_date, to_date, text
        """
    )
    return tuple(Note(**row) for row in rows)
